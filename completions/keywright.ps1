# keywright completion for PowerShell. Made by "keywright completion powershell"; changes are lost when it is made again.
Register-ArgumentCompleter -Native -CommandName @('keywright', 'kw') -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $places = @{
    '' = @(
      @('login', 'Sign in to a provider, through the browser or with a key'),
      @('logout', 'Revoke the session at the provider and forget it here'),
      @('whoami', 'Show who the provider says you are'),
      @('use', 'Choose the default provider and account, for this machine or this folder'),
      @('auth', 'Tokens and API keys'),
      @('api', 'Make a request of your own to the API of a provider'),
      @('run', 'Run a program with a credential in its environment'),
      @('mcp', 'Connect an MCP client to a provider, with the key of a grant'),
      @('providers', 'The providers that are known here, and your own'),
      @('store', 'Where credentials are kept'),
      @('doctor', 'Look for what is wrong on this machine, and say how to put it right'),
      @('completion', 'Print the completion script of a shell'),
      @('backend', 'The local backend'),
      @('--help', 'Show help'),
      @('--version', 'Show the version')
    )
    'auth' = @(
      @('status', 'Show all accounts: where each comes from, whose it is, what is used'),
      @('token', 'Print a token that is valid now, refreshed if needed'),
      @('create-key', 'Create an API key, and print it once or deliver it'),
      @('list-keys', 'List the API keys of your account'),
      @('rotate-key', 'Replace a key by a new one with the same rights, without a gap'),
      @('revoke-key', 'Revoke API keys, by id or by a selection'),
      @('create-client-token', 'Create a short-lived token for a browser or an app, and print it once'),
      @('show-client-token', 'Show what a client token says of itself'),
      @('revoke-client-token', 'Revoke client tokens by id'),
      @('create-grant', 'Give an agent a narrow, expiring grant of its own'),
      @('list-grants', 'List the grants of agents on this machine'),
      @('revoke-grant', 'Revoke grants, or everything that an agent has'),
      @('--help', 'Show help')
    )
    'providers' = @(
      @('list', 'List the providers that are known here, built in and your own'),
      @('show', 'Show what is known of a provider, and which of it is assumed'),
      @('add', 'Add a provider of your own from a definition file'),
      @('remove', 'Remove a provider of your own'),
      @('--help', 'Show help')
    )
    'store' = @(
      @('status', 'Show which store holds which sign-in, and whether it can be read'),
      @('migrate', 'Move sign-ins between the keychain and the encrypted file'),
      @('--help', 'Show help')
    )
    'backend' = @(
      @('start', 'Serve the providers on this machine, for development'),
      @('--help', 'Show help')
    )
    'login' = @(
      @('memax', 'memax'),
      @('minds', 'minds'),
      @('reminix', 'reminix'),
      @('agntix', 'agntix'),
      @('--browser', 'Open a browser even where none seems to be there'),
      @('--no-browser', 'Print the address; accept the redirect address or the code pasted'),
      @('--device', 'Show a code that is confirmed in a browser on any device (RFC 8628)'),
      @('--with-token', 'Read a key or token from standard input, or ask for it without showing it'),
      @('--dpop', 'Ask for tokens that are bound to a key kept beside them (RFC 9449)'),
      @('--scope', 'Ask for this scope instead of the usual ones'),
      @('--begin', 'Only begin: print the address and the command that completes the sign-in, and end'),
      @('--complete', 'Complete a sign-in that was begun with --begin; the address that the browser ended at comes on standard input'),
      @('--no-wait', 'With --complete: ask once whether the code was confirmed, and do not wait for it'),
      @('--project', 'The project that is meant, for a credential that works for several'),
      @('--store', 'Where to keep the credential: keychain or file'),
      @('--provider', 'The provider that is meant'),
      @('--account', 'The account that is meant, where there are several'),
      @('--json', 'Print the result as JSON'),
      @('--quiet', 'Print nothing but results and errors'),
      @('--debug', 'Tell on stderr what is done; never shows a secret'),
      @('--no-input', 'Never ask; fail with what is missing instead'),
      @('--help', 'Show help')
    )
    'logout' = @(
      @('memax', 'memax'),
      @('minds', 'minds'),
      @('reminix', 'reminix'),
      @('agntix', 'agntix'),
      @('--all', 'Sign out of every account of every provider'),
      @('--local-only', 'Only forget here; do not ask the provider to revoke'),
      @('--provider', 'The provider that is meant'),
      @('--account', 'The account that is meant, where there are several'),
      @('--json', 'Print the result as JSON'),
      @('--quiet', 'Print nothing but results and errors'),
      @('--debug', 'Tell on stderr what is done; never shows a secret'),
      @('--no-input', 'Never ask; fail with what is missing instead'),
      @('--help', 'Show help')
    )
    'whoami' = @(
      @('memax', 'memax'),
      @('minds', 'minds'),
      @('reminix', 'reminix'),
      @('agntix', 'agntix'),
      @('--project', 'The project that is meant, for a credential that works for several'),
      @('--explain', 'List every place that a credential could come from, in order, and why each was used or not'),
      @('--provider', 'The provider that is meant'),
      @('--account', 'The account that is meant, where there are several'),
      @('--json', 'Print the result as JSON'),
      @('--quiet', 'Print nothing but results and errors'),
      @('--debug', 'Tell on stderr what is done; never shows a secret'),
      @('--no-input', 'Never ask; fail with what is missing instead'),
      @('--help', 'Show help')
    )
    'use' = @(
      @('--project', 'With --here: the project that this folder is bound to'),
      @('--here', 'Bind the current folder instead (.keywright.json, names only); alone: trust the binding that counts here'),
      @('--clear', 'Remove the default, or with --here the binding of the current folder'),
      @('--provider', 'The provider that is meant'),
      @('--account', 'The account that is meant, where there are several'),
      @('--json', 'Print the result as JSON'),
      @('--quiet', 'Print nothing but results and errors'),
      @('--debug', 'Tell on stderr what is done; never shows a secret'),
      @('--no-input', 'Never ask; fail with what is missing instead'),
      @('--help', 'Show help')
    )
    'auth status' = @(
      @('--check', 'Ask each provider whether it accepts the credential, and whose it is'),
      @('--provider', 'The provider that is meant'),
      @('--account', 'The account that is meant, where there are several'),
      @('--json', 'Print the result as JSON'),
      @('--quiet', 'Print nothing but results and errors'),
      @('--debug', 'Tell on stderr what is done; never shows a secret'),
      @('--no-input', 'Never ask; fail with what is missing instead'),
      @('--help', 'Show help')
    )
    'auth token' = @(
      @('--header', 'Print the whole header line instead of the bare token'),
      @('--provider', 'The provider that is meant'),
      @('--account', 'The account that is meant, where there are several'),
      @('--json', 'Print the result as JSON'),
      @('--quiet', 'Print nothing but results and errors'),
      @('--debug', 'Tell on stderr what is done; never shows a secret'),
      @('--no-input', 'Never ask; fail with what is missing instead'),
      @('--help', 'Show help')
    )
    'auth create-key' = @(
      @('--scope', 'What the key may do; give it several times for several scopes'),
      @('--expires', 'When it ends: a duration such as 90d or 12h, or a date'),
      @('--agent', 'Mark the key as belonging to this agent'),
      @('--read-only', 'Only the scopes that read'),
      @('--hub', 'Confine the key to this hub; give it several times for several hubs'),
      @('--trust', 'The trust level of the key, where the provider has such'),
      @('--to', 'Where the key goes instead of stdout, such as env-file:.env#NAME; give it several times for several'),
      @('--format', 'How stdout or a file gets it: raw, env (a line for a shell) or json'),
      @('--provider', 'The provider that is meant'),
      @('--account', 'The account that is meant, where there are several'),
      @('--json', 'Print the result as JSON'),
      @('--quiet', 'Print nothing but results and errors'),
      @('--debug', 'Tell on stderr what is done; never shows a secret'),
      @('--no-input', 'Never ask; fail with what is missing instead'),
      @('--help', 'Show help')
    )
    'auth list-keys' = @(
      @('--stale', 'Only keys that were not used for so long, such as 90d; one never used counts from its creation'),
      @('--expiring', 'Only keys that work now and expire within this time, such as 14d'),
      @('--expired', 'Only keys that have expired'),
      @('--agent', 'Only keys of this agent'),
      @('--name', 'Only keys with such a name; * stands for any characters, ? for one'),
      @('--sort', 'By created or used (newest first), expires (soonest first) or name; else in the provider''s order, as the pages come'),
      @('--limit', 'At most so many keys'),
      @('--jsonl', 'Print one JSON object a line instead of an array'),
      @('--provider', 'The provider that is meant'),
      @('--account', 'The account that is meant, where there are several'),
      @('--json', 'Print the result as JSON'),
      @('--quiet', 'Print nothing but results and errors'),
      @('--debug', 'Tell on stderr what is done; never shows a secret'),
      @('--no-input', 'Never ask; fail with what is missing instead'),
      @('--help', 'Show help')
    )
    'auth rotate-key' = @(
      @('--to', 'Where the new key goes instead of stdout, such as env-file:.env#NAME; {name} and {NAME} in it stand for the name of the key'),
      @('--format', 'How stdout or a file gets it: raw, env (a line for a shell) or json'),
      @('--grace', 'How long the old key lives on after delivery; 24h unless it is said'),
      @('--now', 'Revoke the old key at once'),
      @('--older-than', 'Rotate every key that was made this long ago or before'),
      @('--dry-run', 'Only show which keys would be rotated'),
      @('--yes', 'Do not ask before many keys are rotated, or before a program is run again'),
      @('--resume', 'Go on with a rotation that is not finished'),
      @('--all', 'With --resume: go on with every one of them'),
      @('--rollback', 'Undo a rotation that is not finished'),
      @('--provider', 'The provider that is meant'),
      @('--account', 'The account that is meant, where there are several'),
      @('--json', 'Print the result as JSON'),
      @('--quiet', 'Print nothing but results and errors'),
      @('--debug', 'Tell on stderr what is done; never shows a secret'),
      @('--no-input', 'Never ask; fail with what is missing instead'),
      @('--help', 'Show help')
    )
    'auth revoke-key' = @(
      @('--stale', 'Revoke the keys that were not used for so long, such as 90d; one never used counts from its creation'),
      @('--name', 'Revoke the keys with such a name; * stands for any characters, ? for one'),
      @('--agent', 'Revoke the keys of this agent'),
      @('--expired', 'Revoke the keys that have expired'),
      @('--dry-run', 'Print the keys that would be revoked, and revoke none'),
      @('--yes', 'Do not ask before keys that were chosen by a flag are revoked'),
      @('--self', 'Allow revoking the very key that this command is signed in with'),
      @('--provider', 'The provider that is meant'),
      @('--account', 'The account that is meant, where there are several'),
      @('--json', 'Print the result as JSON'),
      @('--quiet', 'Print nothing but results and errors'),
      @('--debug', 'Tell on stderr what is done; never shows a secret'),
      @('--no-input', 'Never ask; fail with what is missing instead'),
      @('--help', 'Show help')
    )
    'auth create-client-token' = @(
      @('--public', 'What whoever holds the token may read; numbers, true, false and null are typed'),
      @('--server', 'What only the server may read: a JSON object in a file (@file.json) or on standard input (-)'),
      @('--ttl', 'How long it lives, such as 90s, 15m or 24h'),
      @('--permission', 'What the token may do; give it several times for several'),
      @('--project', 'The project that is meant, for a credential that works for several'),
      @('--provider', 'The provider that is meant'),
      @('--account', 'The account that is meant, where there are several'),
      @('--json', 'Print the result as JSON'),
      @('--quiet', 'Print nothing but results and errors'),
      @('--debug', 'Tell on stderr what is done; never shows a secret'),
      @('--no-input', 'Never ask; fail with what is missing instead'),
      @('--help', 'Show help')
    )
    'auth show-client-token' = @(
      @('--provider', 'The provider that is meant'),
      @('--account', 'The account that is meant, where there are several'),
      @('--json', 'Print the result as JSON'),
      @('--quiet', 'Print nothing but results and errors'),
      @('--debug', 'Tell on stderr what is done; never shows a secret'),
      @('--no-input', 'Never ask; fail with what is missing instead'),
      @('--help', 'Show help')
    )
    'auth revoke-client-token' = @(
      @('--project', 'The project that is meant, for a credential that works for several'),
      @('--provider', 'The provider that is meant'),
      @('--account', 'The account that is meant, where there are several'),
      @('--json', 'Print the result as JSON'),
      @('--quiet', 'Print nothing but results and errors'),
      @('--debug', 'Tell on stderr what is done; never shows a secret'),
      @('--no-input', 'Never ask; fail with what is missing instead'),
      @('--help', 'Show help')
    )
    'api' = @(
      @('GET', 'GET'),
      @('HEAD', 'HEAD'),
      @('POST', 'POST'),
      @('PUT', 'PUT'),
      @('PATCH', 'PATCH'),
      @('DELETE', 'DELETE'),
      @('--field', 'A field: in the query of GET and DELETE, else in the JSON body; numbers, true, false and null are typed'),
      @('-f', 'A field: in the query of GET and DELETE, else in the JSON body; numbers, true, false and null are typed'),
      @('--file-field', 'The same with the text of a file, or of standard input (@-); any other value is text as it is'),
      @('-F', 'The same with the text of a file, or of standard input (@-); any other value is text as it is'),
      @('--input', 'The whole body from a file, or from standard input (-)'),
      @('--paginate', 'Ask for all pages of a list; each is printed as one line of JSON'),
      @('--include', 'Print the status and the headers of the reply before its body'),
      @('--project', 'The project that is meant, for a credential that works for several'),
      @('--provider', 'The provider that is meant'),
      @('--account', 'The account that is meant, where there are several'),
      @('--json', 'Print the result as JSON'),
      @('--quiet', 'Print nothing but results and errors'),
      @('--debug', 'Tell on stderr what is done; never shows a secret'),
      @('--no-input', 'Never ask; fail with what is missing instead'),
      @('--help', 'Show help')
    )
    'run' = @(
      @('--ephemeral', 'Make a key for this run alone, and revoke it when the program ends'),
      @('--scope', 'With --ephemeral: what the key may do; give it several times for several scopes'),
      @('--read-only', 'With --ephemeral: only the scopes that read'),
      @('--env', 'The variable that gets the credential, in place of the provider''s own'),
      @('--no-mask', 'Do not take the credential out of output that goes to a file or a pipe'),
      @('--project', 'The project that is meant, for a credential that works for several'),
      @('--provider', 'The provider that is meant'),
      @('--account', 'The account that is meant, where there are several'),
      @('--json', 'Print the result as JSON'),
      @('--quiet', 'Print nothing but results and errors'),
      @('--debug', 'Tell on stderr what is done; never shows a secret'),
      @('--no-input', 'Never ask; fail with what is missing instead'),
      @('--help', 'Show help')
    )
    'mcp' = @(
      @('--grant', 'The grant whose key is used; see list-grants'),
      @('--dbus', 'The session bus by which the keychain is reached, where it is not the usual one'),
      @('--state', 'The folder of our records, where it is not the usual one'),
      @('--data', 'The folder of the encrypted file, where it is not the usual one'),
      @('--provider', 'The provider that is meant'),
      @('--account', 'The account that is meant, where there are several'),
      @('--json', 'Print the result as JSON'),
      @('--quiet', 'Print nothing but results and errors'),
      @('--debug', 'Tell on stderr what is done; never shows a secret'),
      @('--no-input', 'Never ask; fail with what is missing instead'),
      @('--help', 'Show help')
    )
    'providers list' = @(
      @('--provider', 'The provider that is meant'),
      @('--account', 'The account that is meant, where there are several'),
      @('--json', 'Print the result as JSON'),
      @('--quiet', 'Print nothing but results and errors'),
      @('--debug', 'Tell on stderr what is done; never shows a secret'),
      @('--no-input', 'Never ask; fail with what is missing instead'),
      @('--help', 'Show help')
    )
    'providers show' = @(
      @('memax', 'memax'),
      @('minds', 'minds'),
      @('reminix', 'reminix'),
      @('agntix', 'agntix'),
      @('--provider', 'The provider that is meant'),
      @('--account', 'The account that is meant, where there are several'),
      @('--json', 'Print the result as JSON'),
      @('--quiet', 'Print nothing but results and errors'),
      @('--debug', 'Tell on stderr what is done; never shows a secret'),
      @('--no-input', 'Never ask; fail with what is missing instead'),
      @('--help', 'Show help')
    )
    'providers add' = @(
      @('--yes', 'The addresses that it names are the right ones; do not ask'),
      @('--replace', 'Put it in place of your own definition of the same id'),
      @('--provider', 'The provider that is meant'),
      @('--account', 'The account that is meant, where there are several'),
      @('--json', 'Print the result as JSON'),
      @('--quiet', 'Print nothing but results and errors'),
      @('--debug', 'Tell on stderr what is done; never shows a secret'),
      @('--no-input', 'Never ask; fail with what is missing instead'),
      @('--help', 'Show help')
    )
    'providers remove' = @(
      @('--force', 'Remove it although somebody is signed in there'),
      @('--provider', 'The provider that is meant'),
      @('--account', 'The account that is meant, where there are several'),
      @('--json', 'Print the result as JSON'),
      @('--quiet', 'Print nothing but results and errors'),
      @('--debug', 'Tell on stderr what is done; never shows a secret'),
      @('--no-input', 'Never ask; fail with what is missing instead'),
      @('--help', 'Show help')
    )
    'auth create-grant' = @(
      @('--agent', 'The agent that gets it, such as claude-code'),
      @('--scope', 'What the agent may do; the least that the provider''s MCP server needs unless it is said'),
      @('--expires', 'When it ends, such as 8h or 30d; 30d unless it is said'),
      @('--device', 'The name of this machine; its host name unless it is said'),
      @('--renew', 'Let the bridge renew it when it is near its end'),
      @('--provider', 'The provider that is meant'),
      @('--account', 'The account that is meant, where there are several'),
      @('--json', 'Print the result as JSON'),
      @('--quiet', 'Print nothing but results and errors'),
      @('--debug', 'Tell on stderr what is done; never shows a secret'),
      @('--no-input', 'Never ask; fail with what is missing instead'),
      @('--help', 'Show help')
    )
    'auth list-grants' = @(
      @('--agent', 'Only those of this agent'),
      @('--provider', 'The provider that is meant'),
      @('--account', 'The account that is meant, where there are several'),
      @('--json', 'Print the result as JSON'),
      @('--quiet', 'Print nothing but results and errors'),
      @('--debug', 'Tell on stderr what is done; never shows a secret'),
      @('--no-input', 'Never ask; fail with what is missing instead'),
      @('--help', 'Show help')
    )
    'auth revoke-grant' = @(
      @('--agent', 'Revoke all of this agent''s grants, and every key that the provider knows to be its'),
      @('--provider', 'The provider that is meant'),
      @('--account', 'The account that is meant, where there are several'),
      @('--json', 'Print the result as JSON'),
      @('--quiet', 'Print nothing but results and errors'),
      @('--debug', 'Tell on stderr what is done; never shows a secret'),
      @('--no-input', 'Never ask; fail with what is missing instead'),
      @('--help', 'Show help')
    )
    'store status' = @(
      @('--provider', 'The provider that is meant'),
      @('--account', 'The account that is meant, where there are several'),
      @('--json', 'Print the result as JSON'),
      @('--quiet', 'Print nothing but results and errors'),
      @('--debug', 'Tell on stderr what is done; never shows a secret'),
      @('--no-input', 'Never ask; fail with what is missing instead'),
      @('--help', 'Show help')
    )
    'store migrate' = @(
      @('--to', 'The store to move into: keychain or file'),
      @('--dry-run', 'Only say what would be moved'),
      @('--provider', 'The provider that is meant'),
      @('--account', 'The account that is meant, where there are several'),
      @('--json', 'Print the result as JSON'),
      @('--quiet', 'Print nothing but results and errors'),
      @('--debug', 'Tell on stderr what is done; never shows a secret'),
      @('--no-input', 'Never ask; fail with what is missing instead'),
      @('--help', 'Show help')
    )
    'doctor' = @(
      @('--offline', 'Ask no server'),
      @('--provider', 'The provider that is meant'),
      @('--account', 'The account that is meant, where there are several'),
      @('--json', 'Print the result as JSON'),
      @('--quiet', 'Print nothing but results and errors'),
      @('--debug', 'Tell on stderr what is done; never shows a secret'),
      @('--no-input', 'Never ask; fail with what is missing instead'),
      @('--help', 'Show help')
    )
    'completion' = @(
      @('bash', 'bash'),
      @('zsh', 'zsh'),
      @('fish', 'fish'),
      @('powershell', 'powershell'),
      @('--provider', 'The provider that is meant'),
      @('--account', 'The account that is meant, where there are several'),
      @('--json', 'Print the result as JSON'),
      @('--quiet', 'Print nothing but results and errors'),
      @('--debug', 'Tell on stderr what is done; never shows a secret'),
      @('--no-input', 'Never ask; fail with what is missing instead'),
      @('--help', 'Show help')
    )
    'backend start' = @(
      @('memax', 'memax'),
      @('minds', 'minds'),
      @('reminix', 'reminix'),
      @('agntix', 'agntix'),
      @('--data', 'Keep data in this folder; without it everything is in memory'),
      @('--port', 'Port of the first provider, the next ones follow; any free ports without it'),
      @('--device', 'Offer sign-in with a code on another device (RFC 8628), which the real providers do not'),
      @('--dpop', 'Offer tokens that are bound to a key (RFC 9449), which the real providers do not'),
      @('--provider', 'The provider that is meant'),
      @('--account', 'The account that is meant, where there are several'),
      @('--json', 'Print the result as JSON'),
      @('--quiet', 'Print nothing but results and errors'),
      @('--debug', 'Tell on stderr what is done; never shows a secret'),
      @('--no-input', 'Never ask; fail with what is missing instead'),
      @('--help', 'Show help')
    )
  }
  $place = ''
  foreach ($element in $commandAst.CommandElements | Select-Object -Skip 1) {
    if ($element.Extent.EndOffset -ge $cursorPosition) { break }
    $next = "$place $($element.Extent.Text)".Trim()
    if (-not $places.ContainsKey($next)) { break }
    $place = $next
  }
  foreach ($candidate in $places[$place]) {
    if ($candidate[0].StartsWith($wordToComplete)) {
      [System.Management.Automation.CompletionResult]::new($candidate[0], $candidate[0], 'ParameterValue', $candidate[1])
    }
  }
}
