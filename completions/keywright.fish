# keywright 0.1.0 completion for fish. Made by "keywright completion fish"; changes are lost when it is made again.
function __keywright_place --no-scope-shadowing
    switch $place
        case ''
            set things 'login' 'Sign in to a provider, through the browser or with a key' 'logout' 'Revoke the session at the provider and forget it here' 'whoami' 'Show who the provider says you are' 'use' 'Choose the default provider and account, for this machine or this folder' 'auth' 'Tokens and API keys' 'api' 'Make a request of your own to the API of a provider' 'run' 'Run a program with a credential in its environment' 'mcp' 'Connect an MCP client to a provider, with the key of a grant' 'providers' 'The providers that are known here, and your own' 'setup' 'Connect the MCP clients on this machine to a provider, without a key in their files' 'teardown' 'Undo setup: revoke the grants of the MCP clients and take their entries out' 'store' 'Where credentials are kept' 'doctor' 'Look for what is wrong on this machine, and say how to put it right' 'completion' 'Print the completion script of a shell' 'backend' 'The local backend' 'help' 'Show help on a command or a topic'
            set flags '--help' 'Show help' '--version' 'Show the version'
        case 'auth'
            set things 'status' 'Show all accounts: where each comes from, whose it is, what is used' 'token' 'Print a token that is valid now, refreshed if needed' 'create-key' 'Create an API key, and print it once or deliver it' 'list-keys' 'List the API keys of your account' 'rotate-key' 'Replace a key by a new one with the same rights, without a gap' 'revoke-key' 'Revoke API keys, by id or by a selection' 'create-client-token' 'Create a short-lived token for a browser or an app, and print it once' 'show-client-token' 'Show what a client token says of itself' 'revoke-client-token' 'Revoke client tokens by id' 'create-grant' 'Give an agent a narrow, expiring grant of its own' 'list-grants' 'List the grants of agents on this machine' 'revoke-grant' 'Revoke grants, or everything that an agent has'
            set flags '--help' 'Show help'
        case 'providers'
            set things 'list' 'List the providers that are known here, built in and your own' 'show' 'Show what is known of a provider, and which of it is assumed' 'add' 'Add a provider of your own from a definition file' 'remove' 'Remove a provider of your own'
            set flags '--help' 'Show help'
        case 'store'
            set things 'status' 'Show which store holds which sign-in, and whether it can be read' 'migrate' 'Move sign-ins between the keychain and the encrypted file'
            set flags '--help' 'Show help'
        case 'backend'
            set things 'start' 'Serve the providers on this machine, for development'
            set flags '--help' 'Show help'
        case 'login'
            set flags '--browser' 'Open a browser even where none seems to be there' '--no-browser' 'Print the address; accept the redirect address or the code pasted' '--device' 'Show a code that is confirmed in a browser on any device (RFC 8628)' '--with-token' 'Read a key or token from standard input, or ask for it without showing it' '--dpop' 'Ask for tokens that are bound to a key kept beside them (RFC 9449)' '--scope' 'Ask for this scope instead of the usual ones' '--begin' 'Only begin: print the address and the command that completes the sign-in, and end' '--complete' 'Complete a sign-in that was begun with --begin; the address that the browser ended at comes on standard input' '--no-wait' 'With --complete: ask once whether the code was confirmed, and do not wait for it' '--project' 'The project that is meant, for a credential that works for several' '--store' 'Where to keep the credential: keychain or file' '--provider' 'The provider that is meant' '--account' 'The account that is meant, where there are several' '--json' 'Print the result as JSON' '--quiet' 'Print nothing but results and errors' '--debug' 'Tell on stderr what is done; never shows a secret' '--no-input' 'Never ask; fail with what is missing instead' '--no-color' 'Print without colour' '--help' 'Show help'
            set valued '--scope' '--complete' '--project' '--store' '--provider' '--account'
        case 'logout'
            set flags '--all' 'Sign out of every account of every provider' '--local-only' 'Only forget here; do not ask the provider to revoke' '--provider' 'The provider that is meant' '--account' 'The account that is meant, where there are several' '--json' 'Print the result as JSON' '--quiet' 'Print nothing but results and errors' '--debug' 'Tell on stderr what is done; never shows a secret' '--no-input' 'Never ask; fail with what is missing instead' '--no-color' 'Print without colour' '--help' 'Show help'
            set valued '--provider' '--account'
        case 'whoami'
            set flags '--project' 'The project that is meant, for a credential that works for several' '--explain' 'List every place that a credential could come from, in order, and why each was used or not' '--provider' 'The provider that is meant' '--account' 'The account that is meant, where there are several' '--json' 'Print the result as JSON' '--quiet' 'Print nothing but results and errors' '--debug' 'Tell on stderr what is done; never shows a secret' '--no-input' 'Never ask; fail with what is missing instead' '--no-color' 'Print without colour' '--help' 'Show help'
            set valued '--project' '--provider' '--account'
        case 'use'
            set flags '--project' 'With --here: the project that this folder is bound to' '--here' 'Bind the current folder instead (.keywright.json, names only); alone: trust the binding that counts here' '--clear' 'Remove the default, or with --here the binding of the current folder' '--provider' 'The provider that is meant' '--account' 'The account that is meant, where there are several' '--json' 'Print the result as JSON' '--quiet' 'Print nothing but results and errors' '--debug' 'Tell on stderr what is done; never shows a secret' '--no-input' 'Never ask; fail with what is missing instead' '--no-color' 'Print without colour' '--help' 'Show help'
            set valued '--project' '--provider' '--account'
        case 'auth status'
            set flags '--check' 'Ask each provider whether it accepts the credential, and whose it is' '--jsonl' 'Print one JSON object a line instead of an array' '--provider' 'The provider that is meant' '--account' 'The account that is meant, where there are several' '--json' 'Print the result as JSON' '--quiet' 'Print nothing but results and errors' '--debug' 'Tell on stderr what is done; never shows a secret' '--no-input' 'Never ask; fail with what is missing instead' '--no-color' 'Print without colour' '--help' 'Show help'
            set valued '--provider' '--account'
        case 'auth token'
            set flags '--header' 'Print the whole header line instead of the bare token' '--provider' 'The provider that is meant' '--account' 'The account that is meant, where there are several' '--json' 'Print the result as JSON' '--quiet' 'Print nothing but results and errors' '--debug' 'Tell on stderr what is done; never shows a secret' '--no-input' 'Never ask; fail with what is missing instead' '--no-color' 'Print without colour' '--help' 'Show help'
            set valued '--provider' '--account'
        case 'auth create-key'
            set flags '--scope' 'What the key may do; give it several times for several scopes' '--expires' 'When it ends: a duration such as 90d or 12h, a date, or never' '--agent' 'Mark the key as belonging to this agent' '--read-only' 'Only the scopes that read' '--hub' 'Confine the key to this hub; give it several times for several hubs' '--trust' 'The trust level of the key, where the provider has such' '--to' 'Where the key goes instead of stdout, such as env-file:.env#NAME; give it several times for several' '--format' 'How stdout or a file gets it: raw, env (a line for a shell) or json' '--provider' 'The provider that is meant' '--account' 'The account that is meant, where there are several' '--json' 'Print the result as JSON' '--quiet' 'Print nothing but results and errors' '--debug' 'Tell on stderr what is done; never shows a secret' '--no-input' 'Never ask; fail with what is missing instead' '--no-color' 'Print without colour' '--help' 'Show help'
            set valued '--scope' '--expires' '--agent' '--hub' '--trust' '--to' '--format' '--provider' '--account'
        case 'auth list-keys'
            set flags '--stale' 'Only keys that were not used for so long, such as 90d; one never used counts from its creation' '--expiring' 'Only keys that work now and expire within this time, such as 14d' '--expired' 'Only keys that have expired' '--agent' 'Only keys of this agent' '--name' 'Only keys with such a name; * stands for any characters, ? for one' '--sort' 'By created or used (newest first), expires (soonest first) or name; else in the provider\'s order, as the pages come' '--limit' 'At most so many keys' '--jsonl' 'Print one JSON object a line instead of an array' '--provider' 'The provider that is meant' '--account' 'The account that is meant, where there are several' '--json' 'Print the result as JSON' '--quiet' 'Print nothing but results and errors' '--debug' 'Tell on stderr what is done; never shows a secret' '--no-input' 'Never ask; fail with what is missing instead' '--no-color' 'Print without colour' '--help' 'Show help'
            set valued '--stale' '--expiring' '--agent' '--name' '--sort' '--limit' '--provider' '--account'
        case 'auth rotate-key'
            set flags '--grant' 'Rotate the key of this grant, into its entry in the store; its id stays' '--to' 'Where the new key goes instead of stdout, such as env-file:.env#NAME; {name} and {NAME} in it stand for the name of the key' '--format' 'How stdout or a file gets it: raw, env (a line for a shell) or json' '--grace' 'How long the old key lives on after delivery; 24h unless it is said' '--now' 'Revoke the old key at once' '--older-than' 'Rotate every key that was made this long ago or before' '--dry-run' 'Only show which keys would be rotated' '--yes' 'Do not ask before many keys are rotated, a program is run again or a rotation is forgotten' '--resume' 'Go on with a rotation that is not finished' '--all' 'With --resume: go on with every one of them' '--rollback' 'Undo a rotation that is not finished' '--forget' 'Give up a rotation that can be neither finished nor undone: only its record goes' '--provider' 'The provider that is meant' '--account' 'The account that is meant, where there are several' '--json' 'Print the result as JSON' '--quiet' 'Print nothing but results and errors' '--debug' 'Tell on stderr what is done; never shows a secret' '--no-input' 'Never ask; fail with what is missing instead' '--no-color' 'Print without colour' '--help' 'Show help'
            set valued '--grant' '--to' '--format' '--grace' '--older-than' '--provider' '--account'
        case 'auth revoke-key'
            set flags '--stale' 'Revoke the keys that were not used for so long, such as 90d; one never used counts from its creation' '--name' 'Revoke the keys with such a name; * stands for any characters, ? for one' '--agent' 'Revoke the keys of this agent' '--expired' 'Revoke the keys that have expired' '--dry-run' 'Print the keys that would be revoked, and revoke none' '--yes' 'Do not ask before keys that were chosen by a flag are revoked' '--self' 'Allow revoking the very key that this command is signed in with' '--provider' 'The provider that is meant' '--account' 'The account that is meant, where there are several' '--json' 'Print the result as JSON' '--quiet' 'Print nothing but results and errors' '--debug' 'Tell on stderr what is done; never shows a secret' '--no-input' 'Never ask; fail with what is missing instead' '--no-color' 'Print without colour' '--help' 'Show help'
            set valued '--stale' '--name' '--agent' '--provider' '--account'
            set last 0
        case 'auth create-client-token'
            set flags '--public' 'What whoever holds the token may read; numbers, true, false and null are typed' '--server' 'What only the server may read: a JSON object in a file (@file.json) or on standard input (-)' '--ttl' 'How long it lives, such as 90s, 15m or 24h' '--permission' 'What the token may do; give it several times for several' '--project' 'The project that is meant, for a credential that works for several' '--provider' 'The provider that is meant' '--account' 'The account that is meant, where there are several' '--json' 'Print the result as JSON' '--quiet' 'Print nothing but results and errors' '--debug' 'Tell on stderr what is done; never shows a secret' '--no-input' 'Never ask; fail with what is missing instead' '--no-color' 'Print without colour' '--help' 'Show help'
            set valued '--public' '--server' '--ttl' '--permission' '--project' '--provider' '--account'
        case 'auth show-client-token'
            set flags '--provider' 'The provider that is meant' '--account' 'The account that is meant, where there are several' '--json' 'Print the result as JSON' '--quiet' 'Print nothing but results and errors' '--debug' 'Tell on stderr what is done; never shows a secret' '--no-input' 'Never ask; fail with what is missing instead' '--no-color' 'Print without colour' '--help' 'Show help'
            set valued '--provider' '--account'
        case 'auth revoke-client-token'
            set flags '--project' 'The project that is meant, for a credential that works for several' '--provider' 'The provider that is meant' '--account' 'The account that is meant, where there are several' '--json' 'Print the result as JSON' '--quiet' 'Print nothing but results and errors' '--debug' 'Tell on stderr what is done; never shows a secret' '--no-input' 'Never ask; fail with what is missing instead' '--no-color' 'Print without colour' '--help' 'Show help'
            set valued '--project' '--provider' '--account'
            set last 0
        case 'api'
            set flags '--field' 'A field: in the query of GET and DELETE, else in the JSON body; numbers, true, false and null are typed' '-f' 'A field: in the query of GET and DELETE, else in the JSON body; numbers, true, false and null are typed' '--file-field' 'The same with the text of a file, or of standard input (@-); any other value is text as it is' '-F' 'The same with the text of a file, or of standard input (@-); any other value is text as it is' '--input' 'The whole body from a file, or from standard input (-)' '--paginate' 'Ask for all pages of a list; each is printed as one line of JSON' '--include' 'Print the status and the headers of the reply before its body' '--project' 'The project that is meant, for a credential that works for several' '--provider' 'The provider that is meant' '--account' 'The account that is meant, where there are several' '--json' 'Print the result as JSON' '--quiet' 'Print nothing but results and errors' '--debug' 'Tell on stderr what is done; never shows a secret' '--no-input' 'Never ask; fail with what is missing instead' '--no-color' 'Print without colour' '--help' 'Show help'
            set valued '--field' '-f' '--file-field' '-F' '--input' '--project' '--provider' '--account'
        case 'run'
            set flags '--ephemeral' 'Make a key for this run alone, and revoke it when the program ends' '--scope' 'With --ephemeral: what the key may do; give it several times for several scopes' '--read-only' 'With --ephemeral: only the scopes that read' '--env' 'The variable that gets the credential, in place of the provider\'s own' '--no-mask' 'Do not take the credential out of output that goes to a file or a pipe' '--project' 'The project that is meant, for a credential that works for several' '--provider' 'The provider that is meant' '--account' 'The account that is meant, where there are several' '--json' 'Print the result as JSON' '--quiet' 'Print nothing but results and errors' '--debug' 'Tell on stderr what is done; never shows a secret' '--no-input' 'Never ask; fail with what is missing instead' '--no-color' 'Print without colour' '--help' 'Show help'
            set valued '--scope' '--env' '--project' '--provider' '--account'
            set after yes
        case 'mcp'
            set flags '--grant' 'The grant whose key is used; see list-grants' '--dbus' 'The session bus by which the keychain is reached, where it is not the usual one' '--state' 'The folder of our records, where it is not the usual one' '--data' 'The folder of the encrypted file, where it is not the usual one' '--provider' 'The provider that is meant' '--account' 'The account that is meant, where there are several' '--json' 'Print the result as JSON' '--quiet' 'Print nothing but results and errors' '--debug' 'Tell on stderr what is done; never shows a secret' '--no-input' 'Never ask; fail with what is missing instead' '--no-color' 'Print without colour' '--help' 'Show help'
            set valued '--grant' '--dbus' '--state' '--data' '--provider' '--account'
        case 'providers list'
            set flags '--jsonl' 'Print one JSON object a line instead of an array' '--provider' 'The provider that is meant' '--account' 'The account that is meant, where there are several' '--json' 'Print the result as JSON' '--quiet' 'Print nothing but results and errors' '--debug' 'Tell on stderr what is done; never shows a secret' '--no-input' 'Never ask; fail with what is missing instead' '--no-color' 'Print without colour' '--help' 'Show help'
            set valued '--provider' '--account'
        case 'providers show'
            set flags '--provider' 'The provider that is meant' '--account' 'The account that is meant, where there are several' '--json' 'Print the result as JSON' '--quiet' 'Print nothing but results and errors' '--debug' 'Tell on stderr what is done; never shows a secret' '--no-input' 'Never ask; fail with what is missing instead' '--no-color' 'Print without colour' '--help' 'Show help'
            set valued '--provider' '--account'
        case 'providers add'
            set flags '--yes' 'The addresses that it names are the right ones; do not ask' '--replace' 'Put it in place of your own definition of the same id' '--provider' 'The provider that is meant' '--account' 'The account that is meant, where there are several' '--json' 'Print the result as JSON' '--quiet' 'Print nothing but results and errors' '--debug' 'Tell on stderr what is done; never shows a secret' '--no-input' 'Never ask; fail with what is missing instead' '--no-color' 'Print without colour' '--help' 'Show help'
            set valued '--provider' '--account'
        case 'providers remove'
            set flags '--force' 'Remove it although somebody is signed in there' '--provider' 'The provider that is meant' '--account' 'The account that is meant, where there are several' '--json' 'Print the result as JSON' '--quiet' 'Print nothing but results and errors' '--debug' 'Tell on stderr what is done; never shows a secret' '--no-input' 'Never ask; fail with what is missing instead' '--no-color' 'Print without colour' '--help' 'Show help'
            set valued '--provider' '--account'
        case 'auth create-grant'
            set flags '--agent' 'The agent that gets it, such as claude-code' '--scope' 'What the agent may do; the least that the provider\'s MCP server needs unless it is said' '--expires' 'When it ends, such as 8h or 30d; 30d unless it is said' '--device' 'The name of this machine; its host name unless it is said' '--renew' 'Let the bridge renew it when it is near its end' '--provider' 'The provider that is meant' '--account' 'The account that is meant, where there are several' '--json' 'Print the result as JSON' '--quiet' 'Print nothing but results and errors' '--debug' 'Tell on stderr what is done; never shows a secret' '--no-input' 'Never ask; fail with what is missing instead' '--no-color' 'Print without colour' '--help' 'Show help'
            set valued '--agent' '--scope' '--expires' '--device' '--provider' '--account'
        case 'auth list-grants'
            set flags '--agent' 'Only those of this agent' '--jsonl' 'Print one JSON object a line instead of an array' '--provider' 'The provider that is meant' '--account' 'The account that is meant, where there are several' '--json' 'Print the result as JSON' '--quiet' 'Print nothing but results and errors' '--debug' 'Tell on stderr what is done; never shows a secret' '--no-input' 'Never ask; fail with what is missing instead' '--no-color' 'Print without colour' '--help' 'Show help'
            set valued '--agent' '--provider' '--account'
        case 'auth revoke-grant'
            set flags '--agent' 'Revoke all of this agent\'s grants, and every key that the provider knows to be its' '--yes' 'With --agent: do not ask' '--provider' 'The provider that is meant' '--account' 'The account that is meant, where there are several' '--json' 'Print the result as JSON' '--quiet' 'Print nothing but results and errors' '--debug' 'Tell on stderr what is done; never shows a secret' '--no-input' 'Never ask; fail with what is missing instead' '--no-color' 'Print without colour' '--help' 'Show help'
            set valued '--agent' '--provider' '--account'
            set last 0
        case 'setup'
            set flags '--mcp' 'Connect the MCP clients on this machine to the provider' '--only' 'Only this client, whether it is found or not' '--skip' 'Leave this client out' '--project' 'Write the files of the current project in place of the person\'s own' '--check' 'Prove every entry from the file to the server, and change nothing' '--dry-run' 'Show every change as a diff; nothing is made' '--print' 'Print what to paste, and write no file; the grants are made after the question' '--scope' 'What the agents may do; the least that the provider\'s MCP server needs unless it is said' '--expires' 'When the grants end, such as 8h or 30d; 30d unless it is said' '--renew' 'Let the bridge renew them when they are near their end' '--device' 'The name of this machine; its host name unless it is said' '--replace-plain-keys' 'Take out entries of the same files that hold a key of the provider in plain text' '--yes' 'Ask nobody' '--provider' 'The provider that is meant' '--account' 'The account that is meant, where there are several' '--json' 'Print the result as JSON' '--quiet' 'Print nothing but results and errors' '--debug' 'Tell on stderr what is done; never shows a secret' '--no-input' 'Never ask; fail with what is missing instead' '--no-color' 'Print without colour' '--help' 'Show help'
            set valued '--only' '--skip' '--scope' '--expires' '--device' '--provider' '--account'
        case 'teardown'
            set flags '--only' 'Only this client' '--skip' 'Leave this client out' '--project' 'Only the files of the current project' '--dry-run' 'Show what would be undone' '--yes' 'Ask nobody' '--provider' 'The provider that is meant' '--account' 'The account that is meant, where there are several' '--json' 'Print the result as JSON' '--quiet' 'Print nothing but results and errors' '--debug' 'Tell on stderr what is done; never shows a secret' '--no-input' 'Never ask; fail with what is missing instead' '--no-color' 'Print without colour' '--help' 'Show help'
            set valued '--only' '--skip' '--provider' '--account'
        case 'store status'
            set flags '--jsonl' 'Print one JSON object a line instead of an array' '--provider' 'The provider that is meant' '--account' 'The account that is meant, where there are several' '--json' 'Print the result as JSON' '--quiet' 'Print nothing but results and errors' '--debug' 'Tell on stderr what is done; never shows a secret' '--no-input' 'Never ask; fail with what is missing instead' '--no-color' 'Print without colour' '--help' 'Show help'
            set valued '--provider' '--account'
        case 'store migrate'
            set flags '--to' 'The store to move into: keychain or file' '--dry-run' 'Only say what would be moved' '--provider' 'The provider that is meant' '--account' 'The account that is meant, where there are several' '--json' 'Print the result as JSON' '--quiet' 'Print nothing but results and errors' '--debug' 'Tell on stderr what is done; never shows a secret' '--no-input' 'Never ask; fail with what is missing instead' '--no-color' 'Print without colour' '--help' 'Show help'
            set valued '--to' '--provider' '--account'
        case 'doctor'
            set flags '--offline' 'Ask no server' '--jsonl' 'Print one JSON object a line instead of an array' '--provider' 'The provider that is meant' '--account' 'The account that is meant, where there are several' '--json' 'Print the result as JSON' '--quiet' 'Print nothing but results and errors' '--debug' 'Tell on stderr what is done; never shows a secret' '--no-input' 'Never ask; fail with what is missing instead' '--no-color' 'Print without colour' '--help' 'Show help'
            set valued '--provider' '--account'
        case 'completion'
            set things 'install' 'Put the completion script where a shell looks' 'uninstall' 'Remove what completion install wrote'
            set flags '--provider' 'The provider that is meant' '--account' 'The account that is meant, where there are several' '--json' 'Print the result as JSON' '--quiet' 'Print nothing but results and errors' '--debug' 'Tell on stderr what is done; never shows a secret' '--no-input' 'Never ask; fail with what is missing instead' '--no-color' 'Print without colour' '--help' 'Show help'
            set valued '--provider' '--account'
        case 'completion install'
            set flags '--provider' 'The provider that is meant' '--account' 'The account that is meant, where there are several' '--json' 'Print the result as JSON' '--quiet' 'Print nothing but results and errors' '--debug' 'Tell on stderr what is done; never shows a secret' '--no-input' 'Never ask; fail with what is missing instead' '--no-color' 'Print without colour' '--help' 'Show help'
            set valued '--provider' '--account'
        case 'completion uninstall'
            set flags '--provider' 'The provider that is meant' '--account' 'The account that is meant, where there are several' '--json' 'Print the result as JSON' '--quiet' 'Print nothing but results and errors' '--debug' 'Tell on stderr what is done; never shows a secret' '--no-input' 'Never ask; fail with what is missing instead' '--no-color' 'Print without colour' '--help' 'Show help'
            set valued '--provider' '--account'
        case 'backend start'
            set flags '--data' 'Keep data in this folder; without it everything is in memory' '--port' 'Port of the first provider, the next ones follow; any free ports without it' '--device' 'Offer sign-in with a code on another device (RFC 8628), which the real providers do not' '--dpop' 'Offer tokens that are bound to a key (RFC 9449), which the real providers do not' '--provider' 'The provider that is meant' '--account' 'The account that is meant, where there are several' '--json' 'Print the result as JSON' '--quiet' 'Print nothing but results and errors' '--debug' 'Tell on stderr what is done; never shows a secret' '--no-input' 'Never ask; fail with what is missing instead' '--no-color' 'Print without colour' '--help' 'Show help'
            set valued '--data' '--port' '--provider' '--account'
            set last 0
        case 'help'
            set things 'login' 'Sign in to a provider, through the browser or with a key' 'logout' 'Revoke the session at the provider and forget it here' 'whoami' 'Show who the provider says you are' 'use' 'Choose the default provider and account, for this machine or this folder' 'auth' 'Tokens and API keys' 'api' 'Make a request of your own to the API of a provider' 'run' 'Run a program with a credential in its environment' 'mcp' 'Connect an MCP client to a provider, with the key of a grant' 'providers' 'The providers that are known here, and your own' 'setup' 'Connect the MCP clients on this machine to a provider, without a key in their files' 'teardown' 'Undo setup: revoke the grants of the MCP clients and take their entries out' 'store' 'Where credentials are kept' 'doctor' 'Look for what is wrong on this machine, and say how to put it right' 'completion' 'Print the completion script of a shell' 'backend' 'The local backend' 'exit-codes' 'What commands end with, and how failures are told' 'environment' 'Every variable that is read, and what goes before what' 'formatting' 'Tables, tabs, JSON, colour and times'
        case 'help auth'
            set things 'status' 'Show all accounts: where each comes from, whose it is, what is used' 'token' 'Print a token that is valid now, refreshed if needed' 'create-key' 'Create an API key, and print it once or deliver it' 'list-keys' 'List the API keys of your account' 'rotate-key' 'Replace a key by a new one with the same rights, without a gap' 'revoke-key' 'Revoke API keys, by id or by a selection' 'create-client-token' 'Create a short-lived token for a browser or an app, and print it once' 'show-client-token' 'Show what a client token says of itself' 'revoke-client-token' 'Revoke client tokens by id' 'create-grant' 'Give an agent a narrow, expiring grant of its own' 'list-grants' 'List the grants of agents on this machine' 'revoke-grant' 'Revoke grants, or everything that an agent has'
        case 'help providers'
            set things 'list' 'List the providers that are known here, built in and your own' 'show' 'Show what is known of a provider, and which of it is assumed' 'add' 'Add a provider of your own from a definition file' 'remove' 'Remove a provider of your own'
        case 'help store'
            set things 'status' 'Show which store holds which sign-in, and whether it can be read' 'migrate' 'Move sign-ins between the keychain and the encrypted file'
        case 'help completion'
            set things 'install' 'Put the completion script where a shell looks' 'uninstall' 'Remove what completion install wrote'
        case 'help backend'
            set things 'start' 'Serve the providers on this machine, for development'
    end
end
function __keywright_spot --no-scope-shadowing
    switch $spot
        case 'login 0' 'login --provider' 'logout 0' 'logout --provider' 'whoami 0' 'whoami --provider' 'use 0' 'use --provider' 'auth status --provider' 'auth token --provider' 'auth create-key --provider' 'auth list-keys --provider' 'auth rotate-key --provider' 'auth revoke-key --provider' 'auth create-client-token --provider' 'auth show-client-token --provider' 'auth revoke-client-token --provider' 'api --provider' 'run --provider' 'mcp 0' 'mcp --provider' 'providers list --provider' 'providers show 0' 'providers show --provider' 'providers add --provider' 'providers remove --provider' 'auth create-grant --provider' 'auth list-grants --provider' 'auth revoke-grant --provider' 'setup --provider' 'teardown --provider' 'store status --provider' 'store migrate --provider' 'doctor --provider' 'completion --provider' 'completion install --provider' 'completion uninstall --provider' 'backend start --provider'
            set choices 'memax' 'minds' 'reminix' 'agntix'
            set asks providers
        case 'login --scope'
            set choices 'memax:read' 'memax:write'
        case 'login --complete'
            set asks sign-ins
        case 'login --store' 'store migrate --to'
            set choices 'keychain' 'file'
        case 'login --account' 'logout --account' 'whoami --account' 'use --account' 'auth status --account' 'auth token --account' 'auth create-key --account' 'auth list-keys --account' 'auth rotate-key --account' 'auth revoke-key --account' 'auth create-client-token --account' 'auth show-client-token --account' 'auth revoke-client-token --account' 'api --account' 'run --account' 'mcp --account' 'providers list --account' 'providers show --account' 'providers add --account' 'providers remove --account' 'auth create-grant --account' 'auth list-grants --account' 'auth revoke-grant --account' 'setup --account' 'teardown --account' 'store status --account' 'store migrate --account' 'doctor --account' 'completion --account' 'completion install --account' 'completion uninstall --account' 'backend start --account'
            set asks accounts
        case 'auth create-key --scope' 'run --scope' 'auth create-grant --scope'
            set choices 'read' 'write' 'organize' 'delete' 'agent-sync' 'chat:read' 'chat:write' 'agents:read'
        case 'auth create-key --agent' 'auth list-keys --agent' 'auth revoke-key --agent' 'auth create-grant --agent' 'auth list-grants --agent' 'auth revoke-grant --agent'
            set asks agents
        case 'auth create-key --trust'
            set choices 'public' 'standard' 'elevated' 'admin'
        case 'auth create-key --to' 'auth rotate-key --to'
            set choices 'stdout' 'file:' 'env-file:' 'clipboard' 'github-env:' 'github-secret:' 'gitlab-var:' 'exec:'
            set paths 'file:' 'env-file:'
        case 'auth create-key --format' 'auth rotate-key --format'
            set choices 'raw' 'env' 'json'
        case 'auth list-keys --name' 'auth revoke-key --name'
            set asks key-names
        case 'auth list-keys --sort'
            set choices 'created' 'used' 'expires' 'name'
        case 'auth rotate-key 0' 'auth revoke-key 0'
            set asks key-ids
        case 'auth rotate-key --grant' 'mcp --grant' 'auth revoke-grant 0'
            set asks grants
        case 'auth create-client-token --server'
            set paths '@'
        case 'auth create-client-token --permission'
            set choices 'agents:invoke' 'agents:chat'
        case 'api 0'
            set choices 'GET' 'HEAD' 'POST' 'PUT' 'PATCH' 'DELETE'
        case 'api --input' 'mcp --state' 'mcp --data' 'providers add 0' 'backend start --data'
            set paths 'all'
        case 'providers remove 0'
            set asks providers
        case 'completion 0' 'completion install 0' 'completion uninstall 0'
            set choices 'bash' 'zsh' 'fish' 'powershell'
        case 'backend start 0'
            set choices 'memax' 'minds' 'reminix' 'agntix'
    end
end
function __keywright_ask
    command keywright __complete $argv 2>/dev/null </dev/null | string match -r '^[A-Za-z0-9_.@][A-Za-z0-9_.@-]*(?:\t.*)?$'
end
function __keywright_offer
    set -l typed (commandline -opc)
    set -l value (commandline -ct)
    set -l count (count $typed)
    set -l i 2
    set -l place ''
    set -l things
    set -l flags
    set -l valued
    set -l last
    set -l after
    while test $i -le $count
        set -l next (string trim -- "$place $typed[$i]")
        contains -- "$next" 'auth' 'providers' 'store' 'backend' 'login' 'logout' 'whoami' 'use' 'auth status' 'auth token' 'auth create-key' 'auth list-keys' 'auth rotate-key' 'auth revoke-key' 'auth create-client-token' 'auth show-client-token' 'auth revoke-client-token' 'api' 'run' 'mcp' 'providers list' 'providers show' 'providers add' 'providers remove' 'auth create-grant' 'auth list-grants' 'auth revoke-grant' 'setup' 'teardown' 'store status' 'store migrate' 'doctor' 'completion' 'completion install' 'completion uninstall' 'backend start' 'help' 'help auth' 'help providers' 'help store' 'help completion' 'help backend'
        or break
        set place $next
        set i (math $i + 1)
    end
    __keywright_place
    set -l n 0
    set -l flag
    set -l provider
    set -l account
    while test $i -le $count
        set -l word $typed[$i]
        set -l said $word
        if set -q flag[1]
            set said "$flag=$word"
            set -e flag[1]
        else if test "$word" = -- -a -n "$after"
            set -l line (string escape -- $typed[(math $i + 1)..-1]) $value
            complete -C "$line"
            return
        else if contains -- "$word" $valued
            set flag $word
        else if not string match -q -- '-*' "$word"
            set n (math $n + 1)
        end
        string match -qr -- '^--provider=[a-z][a-z0-9-]*$' "$said"
        and set provider --provider (string replace -- '--provider=' '' "$said")
        string match -qr -- '^--account=[A-Za-z0-9][A-Za-z0-9_.@+-]*$' "$said"
        and set account --account (string replace -- '--account=' '' "$said")
        set i (math $i + 1)
    end
    set -l front ''
    if not set -q flag[1]
        if string match -qr -- '^--[a-z-]+=' "$value"
            set flag (string replace -r -- '=.*' '' "$value")
            set front "$flag="
            set value (string replace -r -- '^[^=]*=' '' "$value")
        else if string match -q -- '-*' "$value"
            test (count $flags) -gt 0
            and printf '%s\t%s\n' $flags
            return
        end
    end
    set -l spot "$place $n"
    test -n "$last"; and test $n -gt "$last"; and set spot "$place $last"
    set -q flag[1]; and set spot "$place $flag"
    set -l choices
    set -l asks
    set -l paths
    __keywright_spot
    if test "$paths" = all
        for path in (__fish_complete_path "$value")
            printf '%s%s\n' $front $path
        end
        return
    end
    for beginning in $paths
        if string match -q -- "$beginning*" "$value"
            for path in (__fish_complete_path (string replace -- "$beginning" '' "$value"))
                printf '%s%s%s\n' $front $beginning $path
            end
            return
        end
    end
    if not set -q flag[1]; and test $n -eq 0 -a (count $things) -gt 0
        printf '%s\t%s\n' $things
    end
    for word in $choices
        printf '%s%s\n' $front $word
    end
    if test -n "$asks"
        for answer in (__keywright_ask $asks $provider $account)
            printf '%s%s\n' $front $answer
        end
    end
end
complete -c keywright -e
complete -c kw -e
complete -c keywright -f -a '(__keywright_offer)'
complete -c kw -f -a '(__keywright_offer)'
