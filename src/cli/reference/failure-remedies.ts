import type { FailureCode } from '../../model/failure.ts';

/** What a person needs to know of a code beyond its title, in Markdown. */
export interface Remedy {
  /** When it happens. */
  readonly means: string;
  /** What helps, the likeliest first. */
  readonly remedies: readonly string[];
}

export const FAILURE_REMEDIES: Readonly<Record<FailureCode, Remedy>> = {
  bug: {
    means:
      'Something happened that keywright does not foresee. The line names the kind of error and its place, and nothing of its text, which might hold a secret.',
    remedies: [
      'Run the same command with `--debug` and look at the lines on stderr; none of them shows a secret.',
      'Report it with the command, its output and the versions of keywright and Node (`keywright --version`, `node --version`).',
      'Exit code 1 without `error[bug]` comes from the launcher: Node is older than 20.19, or the program was not built (`npm run build`).',
    ],
  },
  usage: {
    means:
      'The command line was not understood: an unknown command or flag, a value that does not fit, or flags that exclude each other. Nothing was sent or changed.',
    remedies: [
      'The hint names the nearest command or flag, or the help of the command: `keywright <command> --help`.',
      'If a variable is named, its value is at fault, such as a proxy variable that is no address; `keywright help environment` says what each may hold.',
      'If the project is named: the credential works for several, so say which with `--project`, or bind the folder with `keywright use --here --project <id>`.',
    ],
  },
  'needs-answer': {
    means: 'A question would have to be asked, and nobody can answer: stdin or stderr is no terminal, or `--no-input` was given.',
    remedies: [
      'Give the flag that the hint names, such as `--yes` or `--provider`.',
      'Where it cannot be told which provider is meant: set a default with `keywright use <provider>`; `keywright whoami --explain` lists what was weighed.',
      'For a key that would be typed: pipe it in, `keywright login <provider> --with-token < key.txt`.',
    ],
  },
  'not-found': {
    means: 'What was named does not exist: a key, a grant, an account, a file, a program that a sink or `run` needs, or a path of the API (404).',
    remedies: [
      'Look at what there is: `keywright auth list-keys`, `keywright auth list-grants`, `keywright auth status`.',
      'If it should be there, see with `keywright whoami --explain` whether another account, project or address is used than you think.',
      'For a program: check that its folder is on `PATH` of the shell, or of the job in a pipeline.',
    ],
  },
  'signed-out': {
    means: 'There is no credential for this provider, account and address: no variable is set, and the store holds nothing.',
    remedies: [
      'Run the command in the hint, usually `keywright login <provider>`.',
      'In a pipeline set the variable of the provider, such as `MEMAX_API_KEY`.',
      'If you did sign in: a sign-in belongs to the address that issued it. With an `API_URL` variable set, another address is meant; unset it or sign in there.',
      'If a sink says so, the program that it uses is signed out: `gh auth login` or `glab auth login`.',
    ],
  },
  'session-ended': {
    means: 'There is a credential, and the provider does not accept it any more: the session was revoked or is too old, or the key was revoked or has expired.',
    remedies: [
      'For a sign-in: `keywright login <provider>` again.',
      'For a variable: the detail names it; set it to a valid key, or unset it so that the stored sign-in is used.',
      'For a grant: `keywright setup --mcp` makes a new one for the client.',
      'If the detail says that a refresh was cut off, the provider may have spent the refresh token while nobody stored the new one; signing in again is the only way.',
    ],
  },
  refused: {
    means:
      'The provider said no (403, 409 or another 4xx), or keywright did: because sending a credential there or using a file would not be safe, or because the output cannot be written.',
    remedies: [
      "The detail tells who refused. Of a provider it has the provider's own words, such as a quota or a name that is taken.",
      'If an address was refused: `http:` is for loopback only, and a key from a variable goes only to an address that was set for it (`keywright help environment`).',
      'If a file or folder was refused: it must be yours, no link, and closed to others; the hint has the command, and `keywright doctor` looks at all of them.',
      'If the output cannot be written: the disk is full, or whatever stdout led to is closed.',
    ],
  },
  'consent-denied': {
    means: 'In the browser, or on the device, the sign-in was declined.',
    remedies: [
      'Run `keywright login` again and allow it.',
      'If you did not decline it: the account may not be allowed to, or too many scopes were asked for; ask for fewer with `--scope`.',
    ],
  },
  'missing-scope': {
    means: 'The credential is valid, but may not do this. The hint names the scope where the provider does.',
    remedies: [
      'With a sign-in: `keywright login <provider> --scope <scope>` for each scope that you need.',
      'With a key: make one with the scope, `keywright auth create-key <name> --scope <scope>`. The scopes of a key do not change.',
      'With a grant of an agent: this may be intended. A wider one is made by `keywright auth create-grant --agent <name> --scope <scope>`.',
    ],
  },
  'keychain-unavailable': {
    means:
      'The store that holds the credential cannot be used: no keychain service runs, there is no session bus (SSH, container, cron), or the encrypted file cannot be opened.',
    remedies: [
      '`keywright doctor` says which part is missing.',
      'On a server or in a container keep credentials in the encrypted file: `keywright login --store file`, or `KEYWRIGHT_STORE=file` for all commands.',
      'In a pipeline no store is needed: set the variable of the provider.',
      'For the encrypted file: whatever opened it when it was made must be there, the key file, `KEYWRIGHT_STORE_KEY` or `KEYWRIGHT_STORE_PASSPHRASE`.',
    ],
  },
  'keychain-locked': {
    means:
      'The keychain is there and locked, or the passphrase of the encrypted file is missing or wrong. You are not signed out: what is stored is still there.',
    remedies: [
      'Unlock the keychain, usually by logging in to the desktop session, and run the command again.',
      'For the encrypted file: set `KEYWRIGHT_STORE_PASSPHRASE`, or run the command in a terminal, where it asks.',
      'Over SSH the keychain of the desktop is often locked; use the encrypted file there.',
    ],
  },
  unreachable: {
    means:
      'No answer came: the name does not resolve, nothing listens, the certificate is not trusted, or the provider answered with a 5xx. A stored session is kept.',
    remedies: [
      'Try again; what is safe to repeat was tried three times already.',
      '`keywright doctor` asks each provider and names the proxy that is used.',
      'Behind a company proxy set `HTTPS_PROXY`; for its certificate set `NODE_EXTRA_CA_CERTS` to the file of the authority.',
      'If the hint says that a key may have been made, look for it before you make another: `keywright auth list-keys`.',
    ],
  },
  'rate-limited': {
    means: 'The provider asked for a pause (429), longer than keywright waits by itself.',
    remedies: [
      'Wait as long as the hint says.',
      'In a pipeline that makes many calls, ask once and keep the result: `keywright auth token` costs no request while its token is valid.',
    ],
  },
  'timed-out': {
    means:
      'Something took longer than its limit: a server, the keychain, a program of a sink, another keywright that holds a lock, or a person who was to confirm a sign-in.',
    remedies: [
      'Try again; the detail names what was waited for.',
      'A keychain that does not answer often shows a question behind other windows.',
      'After `login --complete --no-wait` it means "not confirmed yet": run it again once somebody confirmed.',
      'If a lock is held by a process that hangs, end that process; a lock of one that is gone is taken over by itself.',
    ],
  },
  'unexpected-answer': {
    means:
      'An answer came that is none: not JSON, a field of the wrong kind, a redirect to another host, a key that does not look like one. Nothing of it is used, and a key that was made is revoked again.',
    remedies: [
      'Check the address that is used: `keywright whoami --explain`. An address of a web page instead of an API is the usual cause.',
      'A hotel or company network may answer in place of the provider; open any page in a browser.',
      'If the provider changed its API, a newer keywright may know it.',
    ],
  },
  'rotation-unfinished': {
    means:
      'A rotation stopped before its last step, or the old key still has its grace. Every step is recorded; until the end the old key works, or the new one is in place.',
    remedies: [
      'Run the command in the hint: `keywright auth rotate-key --resume` goes on where it stopped.',
      'With `--grace` this is the usual end of the first call: run `--resume` after that time, or `--resume --now` to end the old key at once.',
      '`--rollback` puts the old key back where only files took the new one.',
      '`keywright auth status` lists every rotation that is not finished.',
    ],
  },
  'partly-done': {
    means: 'Of several things some were done and some were not, or `doctor` found a problem. The result tells of each; with `--json` it stands under `error`.',
    remedies: [
      'Run the command in the hint; what is done already is not done twice.',
      'After `logout`: the credential is forgotten here, and its revocation waits and is tried again by later commands.',
      'After `create-key` with several `--to`: the key is valid, and the sinks that failed are named.',
      'After `doctor`: see [the findings](#findings-of-doctor) below.',
    ],
  },
  cancelled: {
    means: 'You pressed Ctrl-C, the process was told to end, or a question was answered with no.',
    remedies: [
      'A request under way that changes something is waited for and its answer is stored, so nothing is left unknown; the text says what was done until then.',
      'Run the command again to do the rest.',
    ],
  },
};
