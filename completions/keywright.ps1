# keywright 0.1.0 completion for PowerShell. Made by "keywright completion powershell"; changes are lost when it is made again.
Register-ArgumentCompleter -Native -CommandName @('keywright', 'kw') -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $places = @{
    '' = @{
      Words = @(
        ,@('login', 'Sign in to a provider, through the browser or with a key')
        ,@('logout', 'Revoke the session at the provider and forget it here')
        ,@('whoami', 'Show who the provider says you are')
        ,@('use', 'Choose the default provider and account, for this machine or this folder')
        ,@('auth', 'Tokens and API keys')
        ,@('api', 'Make a request of your own to the API of a provider')
        ,@('run', 'Run a program with a credential in its environment')
        ,@('mcp', 'Connect an MCP client to a provider, with the key of a grant')
        ,@('providers', 'The providers that are known here, and your own')
        ,@('setup', 'Connect the MCP clients on this machine to a provider, without a key in their files')
        ,@('teardown', 'Undo setup: revoke the grants of the MCP clients and take their entries out')
        ,@('store', 'Where credentials are kept')
        ,@('doctor', 'Look for what is wrong on this machine, and say how to put it right')
        ,@('completion', 'Print the completion script of a shell')
        ,@('backend', 'The local backend')
        ,@('help', 'Show help on a command or a topic')
      )
      Flags = @(
        ,@('--help', 'Show help')
        ,@('--version', 'Show the version')
      )
      Valued = @()
      Last = $null
      After = $false
    }
    'auth' = @{
      Words = @(
        ,@('status', 'Show all accounts: where each comes from, whose it is, what is used')
        ,@('token', 'Print a token that is valid now, refreshed if needed')
        ,@('create-key', 'Create an API key, and print it once or deliver it')
        ,@('list-keys', 'List the API keys of your account')
        ,@('rotate-key', 'Replace a key by a new one with the same rights, without a gap')
        ,@('revoke-key', 'Revoke API keys, by id or by a selection')
        ,@('create-client-token', 'Create a short-lived token for a browser or an app, and print it once')
        ,@('show-client-token', 'Show what a client token says of itself')
        ,@('revoke-client-token', 'Revoke client tokens by id')
        ,@('create-grant', 'Give an agent a narrow, expiring grant of its own')
        ,@('list-grants', 'List the grants of agents on this machine')
        ,@('revoke-grant', 'Revoke grants, or everything that an agent has')
      )
      Flags = @(
        ,@('--help', 'Show help')
      )
      Valued = @()
      Last = $null
      After = $false
    }
    'providers' = @{
      Words = @(
        ,@('list', 'List the providers that are known here, built in and your own')
        ,@('show', 'Show what is known of a provider, and which of it is assumed')
        ,@('add', 'Add a provider of your own from a definition file')
        ,@('remove', 'Remove a provider of your own')
      )
      Flags = @(
        ,@('--help', 'Show help')
      )
      Valued = @()
      Last = $null
      After = $false
    }
    'store' = @{
      Words = @(
        ,@('status', 'Show which store holds which sign-in, and whether it can be read')
        ,@('migrate', 'Move sign-ins between the keychain and the encrypted file')
      )
      Flags = @(
        ,@('--help', 'Show help')
      )
      Valued = @()
      Last = $null
      After = $false
    }
    'backend' = @{
      Words = @(
        ,@('start', 'Serve the providers on this machine, for development')
      )
      Flags = @(
        ,@('--help', 'Show help')
      )
      Valued = @()
      Last = $null
      After = $false
    }
    'login' = @{
      Words = @()
      Flags = @(
        ,@('--browser', 'Open a browser even where none seems to be there')
        ,@('--no-browser', 'Print the address; accept the redirect address or the code pasted')
        ,@('--device', 'Show a code that is confirmed in a browser on any device (RFC 8628)')
        ,@('--with-token', 'Read a key or token from standard input, or ask for it without showing it')
        ,@('--dpop', 'Ask for tokens that are bound to a key kept beside them (RFC 9449)')
        ,@('--scope', 'Ask for this scope instead of the usual ones')
        ,@('--begin', 'Only begin: print the address and the command that completes the sign-in, and end')
        ,@('--complete', 'Complete a sign-in that was begun with --begin; the address that the browser ended at comes on standard input')
        ,@('--no-wait', 'With --complete: ask once whether the code was confirmed, and do not wait for it')
        ,@('--project', 'The project that is meant, for a credential that works for several')
        ,@('--store', 'Where to keep the credential: keychain or file')
        ,@('--provider', 'The provider that is meant')
        ,@('--account', 'The account that is meant, where there are several')
        ,@('--json', 'Print the result as JSON')
        ,@('--quiet', 'Print nothing but results and errors')
        ,@('--debug', 'Tell on stderr what is done; never shows a secret')
        ,@('--no-input', 'Never ask; fail with what is missing instead')
        ,@('--no-color', 'Print without colour')
        ,@('--help', 'Show help')
      )
      Valued = @('--scope', '--complete', '--project', '--store', '--provider', '--account')
      Last = $null
      After = $false
    }
    'logout' = @{
      Words = @()
      Flags = @(
        ,@('--all', 'Sign out of every account of every provider')
        ,@('--local-only', 'Only forget here; do not ask the provider to revoke')
        ,@('--provider', 'The provider that is meant')
        ,@('--account', 'The account that is meant, where there are several')
        ,@('--json', 'Print the result as JSON')
        ,@('--quiet', 'Print nothing but results and errors')
        ,@('--debug', 'Tell on stderr what is done; never shows a secret')
        ,@('--no-input', 'Never ask; fail with what is missing instead')
        ,@('--no-color', 'Print without colour')
        ,@('--help', 'Show help')
      )
      Valued = @('--provider', '--account')
      Last = $null
      After = $false
    }
    'whoami' = @{
      Words = @()
      Flags = @(
        ,@('--project', 'The project that is meant, for a credential that works for several')
        ,@('--explain', 'List every place that a credential could come from, in order, and why each was used or not')
        ,@('--provider', 'The provider that is meant')
        ,@('--account', 'The account that is meant, where there are several')
        ,@('--json', 'Print the result as JSON')
        ,@('--quiet', 'Print nothing but results and errors')
        ,@('--debug', 'Tell on stderr what is done; never shows a secret')
        ,@('--no-input', 'Never ask; fail with what is missing instead')
        ,@('--no-color', 'Print without colour')
        ,@('--help', 'Show help')
      )
      Valued = @('--project', '--provider', '--account')
      Last = $null
      After = $false
    }
    'use' = @{
      Words = @()
      Flags = @(
        ,@('--project', 'With --here: the project that this folder is bound to')
        ,@('--here', 'Bind the current folder instead (.keywright.json, names only); alone: trust the binding that counts here')
        ,@('--clear', 'Remove the default, or with --here the binding of the current folder')
        ,@('--provider', 'The provider that is meant')
        ,@('--account', 'The account that is meant, where there are several')
        ,@('--json', 'Print the result as JSON')
        ,@('--quiet', 'Print nothing but results and errors')
        ,@('--debug', 'Tell on stderr what is done; never shows a secret')
        ,@('--no-input', 'Never ask; fail with what is missing instead')
        ,@('--no-color', 'Print without colour')
        ,@('--help', 'Show help')
      )
      Valued = @('--project', '--provider', '--account')
      Last = $null
      After = $false
    }
    'auth status' = @{
      Words = @()
      Flags = @(
        ,@('--check', 'Ask each provider whether it accepts the credential, and whose it is')
        ,@('--jsonl', 'Print one JSON object a line instead of an array')
        ,@('--provider', 'The provider that is meant')
        ,@('--account', 'The account that is meant, where there are several')
        ,@('--json', 'Print the result as JSON')
        ,@('--quiet', 'Print nothing but results and errors')
        ,@('--debug', 'Tell on stderr what is done; never shows a secret')
        ,@('--no-input', 'Never ask; fail with what is missing instead')
        ,@('--no-color', 'Print without colour')
        ,@('--help', 'Show help')
      )
      Valued = @('--provider', '--account')
      Last = $null
      After = $false
    }
    'auth token' = @{
      Words = @()
      Flags = @(
        ,@('--header', 'Print the whole header line instead of the bare token')
        ,@('--provider', 'The provider that is meant')
        ,@('--account', 'The account that is meant, where there are several')
        ,@('--json', 'Print the result as JSON')
        ,@('--quiet', 'Print nothing but results and errors')
        ,@('--debug', 'Tell on stderr what is done; never shows a secret')
        ,@('--no-input', 'Never ask; fail with what is missing instead')
        ,@('--no-color', 'Print without colour')
        ,@('--help', 'Show help')
      )
      Valued = @('--provider', '--account')
      Last = $null
      After = $false
    }
    'auth create-key' = @{
      Words = @()
      Flags = @(
        ,@('--scope', 'What the key may do; give it several times for several scopes')
        ,@('--expires', 'When it ends: a duration such as 90d or 12h, a date, or never')
        ,@('--agent', 'Mark the key as belonging to this agent')
        ,@('--read-only', 'Only the scopes that read')
        ,@('--hub', 'Confine the key to this hub; give it several times for several hubs')
        ,@('--trust', 'The trust level of the key, where the provider has such')
        ,@('--to', 'Where the key goes instead of stdout, such as env-file:.env#NAME; give it several times for several')
        ,@('--format', 'How stdout or a file gets it: raw, env (a line for a shell) or json')
        ,@('--provider', 'The provider that is meant')
        ,@('--account', 'The account that is meant, where there are several')
        ,@('--json', 'Print the result as JSON')
        ,@('--quiet', 'Print nothing but results and errors')
        ,@('--debug', 'Tell on stderr what is done; never shows a secret')
        ,@('--no-input', 'Never ask; fail with what is missing instead')
        ,@('--no-color', 'Print without colour')
        ,@('--help', 'Show help')
      )
      Valued = @('--scope', '--expires', '--agent', '--hub', '--trust', '--to', '--format', '--provider', '--account')
      Last = $null
      After = $false
    }
    'auth list-keys' = @{
      Words = @()
      Flags = @(
        ,@('--stale', 'Only keys that were not used for so long, such as 90d; one never used counts from its creation')
        ,@('--expiring', 'Only keys that work now and expire within this time, such as 14d')
        ,@('--expired', 'Only keys that have expired')
        ,@('--agent', 'Only keys of this agent')
        ,@('--name', 'Only keys with such a name; * stands for any characters, ? for one')
        ,@('--sort', 'By created or used (newest first), expires (soonest first) or name; else in the provider''s order, as the pages come')
        ,@('--limit', 'At most so many keys')
        ,@('--jsonl', 'Print one JSON object a line instead of an array')
        ,@('--provider', 'The provider that is meant')
        ,@('--account', 'The account that is meant, where there are several')
        ,@('--json', 'Print the result as JSON')
        ,@('--quiet', 'Print nothing but results and errors')
        ,@('--debug', 'Tell on stderr what is done; never shows a secret')
        ,@('--no-input', 'Never ask; fail with what is missing instead')
        ,@('--no-color', 'Print without colour')
        ,@('--help', 'Show help')
      )
      Valued = @('--stale', '--expiring', '--agent', '--name', '--sort', '--limit', '--provider', '--account')
      Last = $null
      After = $false
    }
    'auth rotate-key' = @{
      Words = @()
      Flags = @(
        ,@('--grant', 'Rotate the key of this grant, into its entry in the store; its id stays')
        ,@('--to', 'Where the new key goes instead of stdout, such as env-file:.env#NAME; {name} and {NAME} in it stand for the name of the key')
        ,@('--format', 'How stdout or a file gets it: raw, env (a line for a shell) or json')
        ,@('--grace', 'How long the old key lives on after delivery; 24h unless it is said')
        ,@('--now', 'Revoke the old key at once')
        ,@('--older-than', 'Rotate every key that was made this long ago or before')
        ,@('--dry-run', 'Only show which keys would be rotated')
        ,@('--yes', 'Do not ask before many keys are rotated, a program is run again or a rotation is forgotten')
        ,@('--resume', 'Go on with a rotation that is not finished')
        ,@('--all', 'With --resume: go on with every one of them')
        ,@('--rollback', 'Undo a rotation that is not finished')
        ,@('--forget', 'Give up a rotation that can be neither finished nor undone: only its record goes')
        ,@('--provider', 'The provider that is meant')
        ,@('--account', 'The account that is meant, where there are several')
        ,@('--json', 'Print the result as JSON')
        ,@('--quiet', 'Print nothing but results and errors')
        ,@('--debug', 'Tell on stderr what is done; never shows a secret')
        ,@('--no-input', 'Never ask; fail with what is missing instead')
        ,@('--no-color', 'Print without colour')
        ,@('--help', 'Show help')
      )
      Valued = @('--grant', '--to', '--format', '--grace', '--older-than', '--provider', '--account')
      Last = $null
      After = $false
    }
    'auth revoke-key' = @{
      Words = @()
      Flags = @(
        ,@('--stale', 'Revoke the keys that were not used for so long, such as 90d; one never used counts from its creation')
        ,@('--name', 'Revoke the keys with such a name; * stands for any characters, ? for one')
        ,@('--agent', 'Revoke the keys of this agent')
        ,@('--expired', 'Revoke the keys that have expired')
        ,@('--dry-run', 'Print the keys that would be revoked, and revoke none')
        ,@('--yes', 'Do not ask before keys that were chosen by a flag are revoked')
        ,@('--self', 'Allow revoking the very key that this command is signed in with')
        ,@('--provider', 'The provider that is meant')
        ,@('--account', 'The account that is meant, where there are several')
        ,@('--json', 'Print the result as JSON')
        ,@('--quiet', 'Print nothing but results and errors')
        ,@('--debug', 'Tell on stderr what is done; never shows a secret')
        ,@('--no-input', 'Never ask; fail with what is missing instead')
        ,@('--no-color', 'Print without colour')
        ,@('--help', 'Show help')
      )
      Valued = @('--stale', '--name', '--agent', '--provider', '--account')
      Last = 0
      After = $false
    }
    'auth create-client-token' = @{
      Words = @()
      Flags = @(
        ,@('--public', 'What whoever holds the token may read; numbers, true, false and null are typed')
        ,@('--server', 'What only the server may read: a JSON object in a file (@file.json) or on standard input (-)')
        ,@('--ttl', 'How long it lives, such as 90s, 15m or 24h')
        ,@('--permission', 'What the token may do; give it several times for several')
        ,@('--project', 'The project that is meant, for a credential that works for several')
        ,@('--provider', 'The provider that is meant')
        ,@('--account', 'The account that is meant, where there are several')
        ,@('--json', 'Print the result as JSON')
        ,@('--quiet', 'Print nothing but results and errors')
        ,@('--debug', 'Tell on stderr what is done; never shows a secret')
        ,@('--no-input', 'Never ask; fail with what is missing instead')
        ,@('--no-color', 'Print without colour')
        ,@('--help', 'Show help')
      )
      Valued = @('--public', '--server', '--ttl', '--permission', '--project', '--provider', '--account')
      Last = $null
      After = $false
    }
    'auth show-client-token' = @{
      Words = @()
      Flags = @(
        ,@('--provider', 'The provider that is meant')
        ,@('--account', 'The account that is meant, where there are several')
        ,@('--json', 'Print the result as JSON')
        ,@('--quiet', 'Print nothing but results and errors')
        ,@('--debug', 'Tell on stderr what is done; never shows a secret')
        ,@('--no-input', 'Never ask; fail with what is missing instead')
        ,@('--no-color', 'Print without colour')
        ,@('--help', 'Show help')
      )
      Valued = @('--provider', '--account')
      Last = $null
      After = $false
    }
    'auth revoke-client-token' = @{
      Words = @()
      Flags = @(
        ,@('--project', 'The project that is meant, for a credential that works for several')
        ,@('--provider', 'The provider that is meant')
        ,@('--account', 'The account that is meant, where there are several')
        ,@('--json', 'Print the result as JSON')
        ,@('--quiet', 'Print nothing but results and errors')
        ,@('--debug', 'Tell on stderr what is done; never shows a secret')
        ,@('--no-input', 'Never ask; fail with what is missing instead')
        ,@('--no-color', 'Print without colour')
        ,@('--help', 'Show help')
      )
      Valued = @('--project', '--provider', '--account')
      Last = 0
      After = $false
    }
    'api' = @{
      Words = @()
      Flags = @(
        ,@('--field', 'A field: in the query of GET and DELETE, else in the JSON body; numbers, true, false and null are typed')
        ,@('-f', 'A field: in the query of GET and DELETE, else in the JSON body; numbers, true, false and null are typed')
        ,@('--file-field', 'The same with the text of a file, or of standard input (@-); any other value is text as it is')
        ,@('-F', 'The same with the text of a file, or of standard input (@-); any other value is text as it is')
        ,@('--input', 'The whole body from a file, or from standard input (-)')
        ,@('--paginate', 'Ask for all pages of a list; each is printed as one line of JSON')
        ,@('--include', 'Print the status and the headers of the reply before its body')
        ,@('--project', 'The project that is meant, for a credential that works for several')
        ,@('--provider', 'The provider that is meant')
        ,@('--account', 'The account that is meant, where there are several')
        ,@('--json', 'Print the result as JSON')
        ,@('--quiet', 'Print nothing but results and errors')
        ,@('--debug', 'Tell on stderr what is done; never shows a secret')
        ,@('--no-input', 'Never ask; fail with what is missing instead')
        ,@('--no-color', 'Print without colour')
        ,@('--help', 'Show help')
      )
      Valued = @('--field', '-f', '--file-field', '-F', '--input', '--project', '--provider', '--account')
      Last = $null
      After = $false
    }
    'run' = @{
      Words = @()
      Flags = @(
        ,@('--ephemeral', 'Make a key for this run alone, and revoke it when the program ends')
        ,@('--scope', 'With --ephemeral: what the key may do; give it several times for several scopes')
        ,@('--read-only', 'With --ephemeral: only the scopes that read')
        ,@('--env', 'The variable that gets the credential, in place of the provider''s own')
        ,@('--no-mask', 'Do not take the credential out of output that goes to a file or a pipe')
        ,@('--project', 'The project that is meant, for a credential that works for several')
        ,@('--provider', 'The provider that is meant')
        ,@('--account', 'The account that is meant, where there are several')
        ,@('--json', 'Print the result as JSON')
        ,@('--quiet', 'Print nothing but results and errors')
        ,@('--debug', 'Tell on stderr what is done; never shows a secret')
        ,@('--no-input', 'Never ask; fail with what is missing instead')
        ,@('--no-color', 'Print without colour')
        ,@('--help', 'Show help')
      )
      Valued = @('--scope', '--env', '--project', '--provider', '--account')
      Last = $null
      After = $true
    }
    'mcp' = @{
      Words = @()
      Flags = @(
        ,@('--grant', 'The grant whose key is used; see list-grants')
        ,@('--dbus', 'The session bus by which the keychain is reached, where it is not the usual one')
        ,@('--state', 'The folder of our records, where it is not the usual one')
        ,@('--data', 'The folder of the encrypted file, where it is not the usual one')
        ,@('--provider', 'The provider that is meant')
        ,@('--account', 'The account that is meant, where there are several')
        ,@('--json', 'Print the result as JSON')
        ,@('--quiet', 'Print nothing but results and errors')
        ,@('--debug', 'Tell on stderr what is done; never shows a secret')
        ,@('--no-input', 'Never ask; fail with what is missing instead')
        ,@('--no-color', 'Print without colour')
        ,@('--help', 'Show help')
      )
      Valued = @('--grant', '--dbus', '--state', '--data', '--provider', '--account')
      Last = $null
      After = $false
    }
    'providers list' = @{
      Words = @()
      Flags = @(
        ,@('--jsonl', 'Print one JSON object a line instead of an array')
        ,@('--provider', 'The provider that is meant')
        ,@('--account', 'The account that is meant, where there are several')
        ,@('--json', 'Print the result as JSON')
        ,@('--quiet', 'Print nothing but results and errors')
        ,@('--debug', 'Tell on stderr what is done; never shows a secret')
        ,@('--no-input', 'Never ask; fail with what is missing instead')
        ,@('--no-color', 'Print without colour')
        ,@('--help', 'Show help')
      )
      Valued = @('--provider', '--account')
      Last = $null
      After = $false
    }
    'providers show' = @{
      Words = @()
      Flags = @(
        ,@('--provider', 'The provider that is meant')
        ,@('--account', 'The account that is meant, where there are several')
        ,@('--json', 'Print the result as JSON')
        ,@('--quiet', 'Print nothing but results and errors')
        ,@('--debug', 'Tell on stderr what is done; never shows a secret')
        ,@('--no-input', 'Never ask; fail with what is missing instead')
        ,@('--no-color', 'Print without colour')
        ,@('--help', 'Show help')
      )
      Valued = @('--provider', '--account')
      Last = $null
      After = $false
    }
    'providers add' = @{
      Words = @()
      Flags = @(
        ,@('--yes', 'The addresses that it names are the right ones; do not ask')
        ,@('--replace', 'Put it in place of your own definition of the same id')
        ,@('--provider', 'The provider that is meant')
        ,@('--account', 'The account that is meant, where there are several')
        ,@('--json', 'Print the result as JSON')
        ,@('--quiet', 'Print nothing but results and errors')
        ,@('--debug', 'Tell on stderr what is done; never shows a secret')
        ,@('--no-input', 'Never ask; fail with what is missing instead')
        ,@('--no-color', 'Print without colour')
        ,@('--help', 'Show help')
      )
      Valued = @('--provider', '--account')
      Last = $null
      After = $false
    }
    'providers remove' = @{
      Words = @()
      Flags = @(
        ,@('--force', 'Remove it although somebody is signed in there')
        ,@('--provider', 'The provider that is meant')
        ,@('--account', 'The account that is meant, where there are several')
        ,@('--json', 'Print the result as JSON')
        ,@('--quiet', 'Print nothing but results and errors')
        ,@('--debug', 'Tell on stderr what is done; never shows a secret')
        ,@('--no-input', 'Never ask; fail with what is missing instead')
        ,@('--no-color', 'Print without colour')
        ,@('--help', 'Show help')
      )
      Valued = @('--provider', '--account')
      Last = $null
      After = $false
    }
    'auth create-grant' = @{
      Words = @()
      Flags = @(
        ,@('--agent', 'The agent that gets it, such as claude-code')
        ,@('--scope', 'What the agent may do; the least that the provider''s MCP server needs unless it is said')
        ,@('--expires', 'When it ends, such as 8h or 30d; 30d unless it is said')
        ,@('--device', 'The name of this machine; its host name unless it is said')
        ,@('--renew', 'Let the bridge renew it when it is near its end')
        ,@('--provider', 'The provider that is meant')
        ,@('--account', 'The account that is meant, where there are several')
        ,@('--json', 'Print the result as JSON')
        ,@('--quiet', 'Print nothing but results and errors')
        ,@('--debug', 'Tell on stderr what is done; never shows a secret')
        ,@('--no-input', 'Never ask; fail with what is missing instead')
        ,@('--no-color', 'Print without colour')
        ,@('--help', 'Show help')
      )
      Valued = @('--agent', '--scope', '--expires', '--device', '--provider', '--account')
      Last = $null
      After = $false
    }
    'auth list-grants' = @{
      Words = @()
      Flags = @(
        ,@('--agent', 'Only those of this agent')
        ,@('--jsonl', 'Print one JSON object a line instead of an array')
        ,@('--provider', 'The provider that is meant')
        ,@('--account', 'The account that is meant, where there are several')
        ,@('--json', 'Print the result as JSON')
        ,@('--quiet', 'Print nothing but results and errors')
        ,@('--debug', 'Tell on stderr what is done; never shows a secret')
        ,@('--no-input', 'Never ask; fail with what is missing instead')
        ,@('--no-color', 'Print without colour')
        ,@('--help', 'Show help')
      )
      Valued = @('--agent', '--provider', '--account')
      Last = $null
      After = $false
    }
    'auth revoke-grant' = @{
      Words = @()
      Flags = @(
        ,@('--agent', 'Revoke all of this agent''s grants, and every key that the provider knows to be its')
        ,@('--yes', 'With --agent: do not ask')
        ,@('--provider', 'The provider that is meant')
        ,@('--account', 'The account that is meant, where there are several')
        ,@('--json', 'Print the result as JSON')
        ,@('--quiet', 'Print nothing but results and errors')
        ,@('--debug', 'Tell on stderr what is done; never shows a secret')
        ,@('--no-input', 'Never ask; fail with what is missing instead')
        ,@('--no-color', 'Print without colour')
        ,@('--help', 'Show help')
      )
      Valued = @('--agent', '--provider', '--account')
      Last = 0
      After = $false
    }
    'setup' = @{
      Words = @()
      Flags = @(
        ,@('--mcp', 'Connect the MCP clients on this machine to the provider')
        ,@('--only', 'Only this client, whether it is found or not')
        ,@('--skip', 'Leave this client out')
        ,@('--project', 'Write the files of the current project in place of the person''s own')
        ,@('--check', 'Prove every entry from the file to the server, and change nothing')
        ,@('--dry-run', 'Show every change as a diff; nothing is made')
        ,@('--print', 'Print what to paste, and write no file; the grants are made after the question')
        ,@('--scope', 'What the agents may do; the least that the provider''s MCP server needs unless it is said')
        ,@('--expires', 'When the grants end, such as 8h or 30d; 30d unless it is said')
        ,@('--renew', 'Let the bridge renew them when they are near their end')
        ,@('--device', 'The name of this machine; its host name unless it is said')
        ,@('--replace-plain-keys', 'Take out entries of the same files that hold a key of the provider in plain text')
        ,@('--yes', 'Ask nobody')
        ,@('--provider', 'The provider that is meant')
        ,@('--account', 'The account that is meant, where there are several')
        ,@('--json', 'Print the result as JSON')
        ,@('--quiet', 'Print nothing but results and errors')
        ,@('--debug', 'Tell on stderr what is done; never shows a secret')
        ,@('--no-input', 'Never ask; fail with what is missing instead')
        ,@('--no-color', 'Print without colour')
        ,@('--help', 'Show help')
      )
      Valued = @('--only', '--skip', '--scope', '--expires', '--device', '--provider', '--account')
      Last = $null
      After = $false
    }
    'teardown' = @{
      Words = @()
      Flags = @(
        ,@('--only', 'Only this client')
        ,@('--skip', 'Leave this client out')
        ,@('--project', 'Only the files of the current project')
        ,@('--dry-run', 'Show what would be undone')
        ,@('--yes', 'Ask nobody')
        ,@('--provider', 'The provider that is meant')
        ,@('--account', 'The account that is meant, where there are several')
        ,@('--json', 'Print the result as JSON')
        ,@('--quiet', 'Print nothing but results and errors')
        ,@('--debug', 'Tell on stderr what is done; never shows a secret')
        ,@('--no-input', 'Never ask; fail with what is missing instead')
        ,@('--no-color', 'Print without colour')
        ,@('--help', 'Show help')
      )
      Valued = @('--only', '--skip', '--provider', '--account')
      Last = $null
      After = $false
    }
    'store status' = @{
      Words = @()
      Flags = @(
        ,@('--jsonl', 'Print one JSON object a line instead of an array')
        ,@('--provider', 'The provider that is meant')
        ,@('--account', 'The account that is meant, where there are several')
        ,@('--json', 'Print the result as JSON')
        ,@('--quiet', 'Print nothing but results and errors')
        ,@('--debug', 'Tell on stderr what is done; never shows a secret')
        ,@('--no-input', 'Never ask; fail with what is missing instead')
        ,@('--no-color', 'Print without colour')
        ,@('--help', 'Show help')
      )
      Valued = @('--provider', '--account')
      Last = $null
      After = $false
    }
    'store migrate' = @{
      Words = @()
      Flags = @(
        ,@('--to', 'The store to move into: keychain or file')
        ,@('--dry-run', 'Only say what would be moved')
        ,@('--provider', 'The provider that is meant')
        ,@('--account', 'The account that is meant, where there are several')
        ,@('--json', 'Print the result as JSON')
        ,@('--quiet', 'Print nothing but results and errors')
        ,@('--debug', 'Tell on stderr what is done; never shows a secret')
        ,@('--no-input', 'Never ask; fail with what is missing instead')
        ,@('--no-color', 'Print without colour')
        ,@('--help', 'Show help')
      )
      Valued = @('--to', '--provider', '--account')
      Last = $null
      After = $false
    }
    'doctor' = @{
      Words = @()
      Flags = @(
        ,@('--offline', 'Ask no server')
        ,@('--jsonl', 'Print one JSON object a line instead of an array')
        ,@('--provider', 'The provider that is meant')
        ,@('--account', 'The account that is meant, where there are several')
        ,@('--json', 'Print the result as JSON')
        ,@('--quiet', 'Print nothing but results and errors')
        ,@('--debug', 'Tell on stderr what is done; never shows a secret')
        ,@('--no-input', 'Never ask; fail with what is missing instead')
        ,@('--no-color', 'Print without colour')
        ,@('--help', 'Show help')
      )
      Valued = @('--provider', '--account')
      Last = $null
      After = $false
    }
    'completion' = @{
      Words = @(
        ,@('install', 'Put the completion script where a shell looks')
        ,@('uninstall', 'Remove what completion install wrote')
      )
      Flags = @(
        ,@('--provider', 'The provider that is meant')
        ,@('--account', 'The account that is meant, where there are several')
        ,@('--json', 'Print the result as JSON')
        ,@('--quiet', 'Print nothing but results and errors')
        ,@('--debug', 'Tell on stderr what is done; never shows a secret')
        ,@('--no-input', 'Never ask; fail with what is missing instead')
        ,@('--no-color', 'Print without colour')
        ,@('--help', 'Show help')
      )
      Valued = @('--provider', '--account')
      Last = $null
      After = $false
    }
    'completion install' = @{
      Words = @()
      Flags = @(
        ,@('--provider', 'The provider that is meant')
        ,@('--account', 'The account that is meant, where there are several')
        ,@('--json', 'Print the result as JSON')
        ,@('--quiet', 'Print nothing but results and errors')
        ,@('--debug', 'Tell on stderr what is done; never shows a secret')
        ,@('--no-input', 'Never ask; fail with what is missing instead')
        ,@('--no-color', 'Print without colour')
        ,@('--help', 'Show help')
      )
      Valued = @('--provider', '--account')
      Last = $null
      After = $false
    }
    'completion uninstall' = @{
      Words = @()
      Flags = @(
        ,@('--provider', 'The provider that is meant')
        ,@('--account', 'The account that is meant, where there are several')
        ,@('--json', 'Print the result as JSON')
        ,@('--quiet', 'Print nothing but results and errors')
        ,@('--debug', 'Tell on stderr what is done; never shows a secret')
        ,@('--no-input', 'Never ask; fail with what is missing instead')
        ,@('--no-color', 'Print without colour')
        ,@('--help', 'Show help')
      )
      Valued = @('--provider', '--account')
      Last = $null
      After = $false
    }
    'backend start' = @{
      Words = @()
      Flags = @(
        ,@('--data', 'Keep data in this folder; without it everything is in memory')
        ,@('--port', 'Port of the first provider, the next ones follow; any free ports without it')
        ,@('--device', 'Offer sign-in with a code on another device (RFC 8628), which the real providers do not')
        ,@('--dpop', 'Offer tokens that are bound to a key (RFC 9449), which the real providers do not')
        ,@('--provider', 'The provider that is meant')
        ,@('--account', 'The account that is meant, where there are several')
        ,@('--json', 'Print the result as JSON')
        ,@('--quiet', 'Print nothing but results and errors')
        ,@('--debug', 'Tell on stderr what is done; never shows a secret')
        ,@('--no-input', 'Never ask; fail with what is missing instead')
        ,@('--no-color', 'Print without colour')
        ,@('--help', 'Show help')
      )
      Valued = @('--data', '--port', '--provider', '--account')
      Last = 0
      After = $false
    }
    'help' = @{
      Words = @(
        ,@('login', 'Sign in to a provider, through the browser or with a key')
        ,@('logout', 'Revoke the session at the provider and forget it here')
        ,@('whoami', 'Show who the provider says you are')
        ,@('use', 'Choose the default provider and account, for this machine or this folder')
        ,@('auth', 'Tokens and API keys')
        ,@('api', 'Make a request of your own to the API of a provider')
        ,@('run', 'Run a program with a credential in its environment')
        ,@('mcp', 'Connect an MCP client to a provider, with the key of a grant')
        ,@('providers', 'The providers that are known here, and your own')
        ,@('setup', 'Connect the MCP clients on this machine to a provider, without a key in their files')
        ,@('teardown', 'Undo setup: revoke the grants of the MCP clients and take their entries out')
        ,@('store', 'Where credentials are kept')
        ,@('doctor', 'Look for what is wrong on this machine, and say how to put it right')
        ,@('completion', 'Print the completion script of a shell')
        ,@('backend', 'The local backend')
        ,@('exit-codes', 'What commands end with, and how failures are told')
        ,@('environment', 'Every variable that is read, and what goes before what')
        ,@('formatting', 'Tables, tabs, JSON, colour and times')
      )
      Flags = @()
      Valued = @()
      Last = $null
      After = $false
    }
    'help auth' = @{
      Words = @(
        ,@('status', 'Show all accounts: where each comes from, whose it is, what is used')
        ,@('token', 'Print a token that is valid now, refreshed if needed')
        ,@('create-key', 'Create an API key, and print it once or deliver it')
        ,@('list-keys', 'List the API keys of your account')
        ,@('rotate-key', 'Replace a key by a new one with the same rights, without a gap')
        ,@('revoke-key', 'Revoke API keys, by id or by a selection')
        ,@('create-client-token', 'Create a short-lived token for a browser or an app, and print it once')
        ,@('show-client-token', 'Show what a client token says of itself')
        ,@('revoke-client-token', 'Revoke client tokens by id')
        ,@('create-grant', 'Give an agent a narrow, expiring grant of its own')
        ,@('list-grants', 'List the grants of agents on this machine')
        ,@('revoke-grant', 'Revoke grants, or everything that an agent has')
      )
      Flags = @()
      Valued = @()
      Last = $null
      After = $false
    }
    'help providers' = @{
      Words = @(
        ,@('list', 'List the providers that are known here, built in and your own')
        ,@('show', 'Show what is known of a provider, and which of it is assumed')
        ,@('add', 'Add a provider of your own from a definition file')
        ,@('remove', 'Remove a provider of your own')
      )
      Flags = @()
      Valued = @()
      Last = $null
      After = $false
    }
    'help store' = @{
      Words = @(
        ,@('status', 'Show which store holds which sign-in, and whether it can be read')
        ,@('migrate', 'Move sign-ins between the keychain and the encrypted file')
      )
      Flags = @()
      Valued = @()
      Last = $null
      After = $false
    }
    'help completion' = @{
      Words = @(
        ,@('install', 'Put the completion script where a shell looks')
        ,@('uninstall', 'Remove what completion install wrote')
      )
      Flags = @()
      Valued = @()
      Last = $null
      After = $false
    }
    'help backend' = @{
      Words = @(
        ,@('start', 'Serve the providers on this machine, for development')
      )
      Flags = @()
      Valued = @()
      Last = $null
      After = $false
    }
  }
  $spots = @{}
  $spot0 = @{ Choices = @('memax', 'minds', 'reminix', 'agntix'); Asks = 'providers'; Paths = @() }
  $spots['login 0'] = $spot0
  $spots['login --provider'] = $spot0
  $spots['logout 0'] = $spot0
  $spots['logout --provider'] = $spot0
  $spots['whoami 0'] = $spot0
  $spots['whoami --provider'] = $spot0
  $spots['use 0'] = $spot0
  $spots['use --provider'] = $spot0
  $spots['auth status --provider'] = $spot0
  $spots['auth token --provider'] = $spot0
  $spots['auth create-key --provider'] = $spot0
  $spots['auth list-keys --provider'] = $spot0
  $spots['auth rotate-key --provider'] = $spot0
  $spots['auth revoke-key --provider'] = $spot0
  $spots['auth create-client-token --provider'] = $spot0
  $spots['auth show-client-token --provider'] = $spot0
  $spots['auth revoke-client-token --provider'] = $spot0
  $spots['api --provider'] = $spot0
  $spots['run --provider'] = $spot0
  $spots['mcp 0'] = $spot0
  $spots['mcp --provider'] = $spot0
  $spots['providers list --provider'] = $spot0
  $spots['providers show 0'] = $spot0
  $spots['providers show --provider'] = $spot0
  $spots['providers add --provider'] = $spot0
  $spots['providers remove --provider'] = $spot0
  $spots['auth create-grant --provider'] = $spot0
  $spots['auth list-grants --provider'] = $spot0
  $spots['auth revoke-grant --provider'] = $spot0
  $spots['setup --provider'] = $spot0
  $spots['teardown --provider'] = $spot0
  $spots['store status --provider'] = $spot0
  $spots['store migrate --provider'] = $spot0
  $spots['doctor --provider'] = $spot0
  $spots['completion --provider'] = $spot0
  $spots['completion install --provider'] = $spot0
  $spots['completion uninstall --provider'] = $spot0
  $spots['backend start --provider'] = $spot0
  $spot1 = @{ Choices = @('memax:read', 'memax:write'); Asks = ''; Paths = @() }
  $spots['login --scope'] = $spot1
  $spot2 = @{ Choices = @(); Asks = 'sign-ins'; Paths = @() }
  $spots['login --complete'] = $spot2
  $spot3 = @{ Choices = @('keychain', 'file'); Asks = ''; Paths = @() }
  $spots['login --store'] = $spot3
  $spots['store migrate --to'] = $spot3
  $spot4 = @{ Choices = @(); Asks = 'accounts'; Paths = @() }
  $spots['login --account'] = $spot4
  $spots['logout --account'] = $spot4
  $spots['whoami --account'] = $spot4
  $spots['use --account'] = $spot4
  $spots['auth status --account'] = $spot4
  $spots['auth token --account'] = $spot4
  $spots['auth create-key --account'] = $spot4
  $spots['auth list-keys --account'] = $spot4
  $spots['auth rotate-key --account'] = $spot4
  $spots['auth revoke-key --account'] = $spot4
  $spots['auth create-client-token --account'] = $spot4
  $spots['auth show-client-token --account'] = $spot4
  $spots['auth revoke-client-token --account'] = $spot4
  $spots['api --account'] = $spot4
  $spots['run --account'] = $spot4
  $spots['mcp --account'] = $spot4
  $spots['providers list --account'] = $spot4
  $spots['providers show --account'] = $spot4
  $spots['providers add --account'] = $spot4
  $spots['providers remove --account'] = $spot4
  $spots['auth create-grant --account'] = $spot4
  $spots['auth list-grants --account'] = $spot4
  $spots['auth revoke-grant --account'] = $spot4
  $spots['setup --account'] = $spot4
  $spots['teardown --account'] = $spot4
  $spots['store status --account'] = $spot4
  $spots['store migrate --account'] = $spot4
  $spots['doctor --account'] = $spot4
  $spots['completion --account'] = $spot4
  $spots['completion install --account'] = $spot4
  $spots['completion uninstall --account'] = $spot4
  $spots['backend start --account'] = $spot4
  $spot5 = @{ Choices = @('read', 'write', 'organize', 'delete', 'agent-sync', 'chat:read', 'chat:write', 'agents:read'); Asks = ''; Paths = @() }
  $spots['auth create-key --scope'] = $spot5
  $spots['run --scope'] = $spot5
  $spots['auth create-grant --scope'] = $spot5
  $spot6 = @{ Choices = @(); Asks = 'agents'; Paths = @() }
  $spots['auth create-key --agent'] = $spot6
  $spots['auth list-keys --agent'] = $spot6
  $spots['auth revoke-key --agent'] = $spot6
  $spots['auth create-grant --agent'] = $spot6
  $spots['auth list-grants --agent'] = $spot6
  $spots['auth revoke-grant --agent'] = $spot6
  $spot7 = @{ Choices = @('public', 'standard', 'elevated', 'admin'); Asks = ''; Paths = @() }
  $spots['auth create-key --trust'] = $spot7
  $spot8 = @{ Choices = @('stdout', 'file:', 'env-file:', 'clipboard', 'github-env:', 'github-secret:', 'gitlab-var:', 'exec:'); Asks = ''; Paths = @('file:', 'env-file:') }
  $spots['auth create-key --to'] = $spot8
  $spots['auth rotate-key --to'] = $spot8
  $spot9 = @{ Choices = @('raw', 'env', 'json'); Asks = ''; Paths = @() }
  $spots['auth create-key --format'] = $spot9
  $spots['auth rotate-key --format'] = $spot9
  $spot10 = @{ Choices = @(); Asks = 'key-names'; Paths = @() }
  $spots['auth list-keys --name'] = $spot10
  $spots['auth revoke-key --name'] = $spot10
  $spot11 = @{ Choices = @('created', 'used', 'expires', 'name'); Asks = ''; Paths = @() }
  $spots['auth list-keys --sort'] = $spot11
  $spot12 = @{ Choices = @(); Asks = 'key-ids'; Paths = @() }
  $spots['auth rotate-key 0'] = $spot12
  $spots['auth revoke-key 0'] = $spot12
  $spot13 = @{ Choices = @(); Asks = 'grants'; Paths = @() }
  $spots['auth rotate-key --grant'] = $spot13
  $spots['mcp --grant'] = $spot13
  $spots['auth revoke-grant 0'] = $spot13
  $spot14 = @{ Choices = @(); Asks = ''; Paths = @('@') }
  $spots['auth create-client-token --server'] = $spot14
  $spot15 = @{ Choices = @('agents:invoke', 'agents:chat'); Asks = ''; Paths = @() }
  $spots['auth create-client-token --permission'] = $spot15
  $spot16 = @{ Choices = @('GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'); Asks = ''; Paths = @() }
  $spots['api 0'] = $spot16
  $spot17 = @{ Choices = @(); Asks = ''; Paths = @('all') }
  $spots['api --input'] = $spot17
  $spots['mcp --state'] = $spot17
  $spots['mcp --data'] = $spot17
  $spots['providers add 0'] = $spot17
  $spots['backend start --data'] = $spot17
  $spot18 = @{ Choices = @(); Asks = 'providers'; Paths = @() }
  $spots['providers remove 0'] = $spot18
  $spot19 = @{ Choices = @('bash', 'zsh', 'fish', 'powershell'); Asks = ''; Paths = @() }
  $spots['completion 0'] = $spot19
  $spots['completion install 0'] = $spot19
  $spots['completion uninstall 0'] = $spot19
  $spot20 = @{ Choices = @('memax', 'minds', 'reminix', 'agntix'); Asks = ''; Paths = @() }
  $spots['backend start 0'] = $spot20
  function Write-Offer($word, $about, $front) {
    $text = "$front$word"
    if ($text.StartsWith($wordToComplete, [System.StringComparison]::Ordinal) -and -not $text.StartsWith('@')) {
      [System.Management.Automation.CompletionResult]::new($text, $text, 'ParameterValue', $about)
    }
  }
  function Write-Files($beginning, $path) {
    foreach ($found in [System.Management.Automation.CompletionCompleters]::CompleteFilename($path)) {
      $text = $found.CompletionText
      if ($beginning -ne '' -and $text -match '[^A-Za-z0-9_.:/\\-]') { continue }
      [System.Management.Automation.CompletionResult]::new("$beginning$text", $found.ListItemText, $found.ResultType, $found.ToolTip)
    }
  }
  $typed = @($commandAst.CommandElements | Select-Object -Skip 1 | Where-Object { $_.Extent.EndOffset -lt $cursorPosition -or $wordToComplete -eq '' } | ForEach-Object { $_.Extent.Text })
  $place = ''
  $index = 0
  while ($index -lt $typed.Count) {
    $next = "$place $($typed[$index])".Trim()
    if (-not $places.ContainsKey($next)) { break }
    $place = $next
    $index += 1
  }
  $here = $places[$place]
  $number = 0
  $flag = ''
  $provider = ''
  $account = ''
  while ($index -lt $typed.Count) {
    $word = $typed[$index]
    $said = $word
    if ($flag -ne '') {
      $said = "$flag=$word"
      $flag = ''
    } elseif ($word -eq '--' -and $here.After) {
      if ($index -eq $typed.Count - 1) { [System.Management.Automation.CompletionCompleters]::CompleteCommand($wordToComplete) }
      else { Write-Files '' $wordToComplete }
      return
    } elseif ($here.Valued -ccontains $word) {
      $flag = $word
    } elseif (-not $word.StartsWith('-')) {
      $number += 1
    }
    if ($said -cmatch '^--provider=([a-z][a-z0-9-]*)$') { $provider = $Matches[1] }
    if ($said -cmatch '^--account=([A-Za-z0-9][A-Za-z0-9_.@+-]*)$') { $account = $Matches[1] }
    $index += 1
  }
  $front = ''
  $value = $wordToComplete
  if ($flag -eq '') {
    if ($wordToComplete -cmatch '^(--[a-z-]+)=(.*)$') {
      $flag = $Matches[1]
      $front = "$flag="
      $value = $Matches[2]
    } elseif ($wordToComplete.StartsWith('-')) {
      foreach ($pair in $here.Flags) { Write-Offer $pair[0] $pair[1] '' }
      return
    }
  }
  if ($null -ne $here.Last -and $number -gt $here.Last) { $number = $here.Last }
  if ($flag -eq '' -and $number -eq 0) {
    foreach ($pair in $here.Words) { Write-Offer $pair[0] $pair[1] '' }
  }
  $at = if ($flag -ne '') { "$place $flag" } else { "$place $number" }
  $spot = $spots[$at]
  if ($null -eq $spot) { return }
  foreach ($beginning in $spot.Paths) {
    if ($beginning -eq 'all') {
      Write-Files $front $value
      return
    }
    if ($value.StartsWith($beginning, [System.StringComparison]::Ordinal)) {
      Write-Files "$front$beginning" $value.Substring($beginning.Length)
      return
    }
  }
  foreach ($word in $spot.Choices) { Write-Offer $word $word $front }
  if ($spot.Asks -eq '') { return }
  $words = @('__complete', $spot.Asks)
  if ($provider -ne '') { $words += @('--provider', $provider) }
  if ($account -ne '') { $words += @('--account', $account) }
  try {
    foreach ($line in (& keywright @words 2>$null)) {
      if ($line -cmatch '^([A-Za-z0-9_.@][A-Za-z0-9_.@-]*)\t(.*)$') {
        $about = if ($Matches[2] -ne '') { $Matches[2] } else { $Matches[1] }
        Write-Offer $Matches[1] $about $front
      }
    }
  } catch { }
}
