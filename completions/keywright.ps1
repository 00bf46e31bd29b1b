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
      @('create-key', 'Create an API key and print it once'),
      @('list-keys', 'List the API keys of your account'),
      @('revoke-key', 'Revoke API keys by id'),
      @('create-client-token', 'Create a short-lived token for a browser or an app, and print it once'),
      @('show-client-token', 'Show what a client token says of itself'),
      @('revoke-client-token', 'Revoke client tokens by id'),
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
      @('--provider', 'The provider that is meant'),
      @('--account', 'The account that is meant, where there are several'),
      @('--json', 'Print the result as JSON'),
      @('--quiet', 'Print nothing but results and errors'),
      @('--debug', 'Tell on stderr what is done; never shows a secret'),
      @('--no-input', 'Never ask; fail with what is missing instead'),
      @('--help', 'Show help')
    )
    'auth list-keys' = @(
      @('--provider', 'The provider that is meant'),
      @('--account', 'The account that is meant, where there are several'),
      @('--json', 'Print the result as JSON'),
      @('--quiet', 'Print nothing but results and errors'),
      @('--debug', 'Tell on stderr what is done; never shows a secret'),
      @('--no-input', 'Never ask; fail with what is missing instead'),
      @('--help', 'Show help')
    )
    'auth revoke-key' = @(
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
