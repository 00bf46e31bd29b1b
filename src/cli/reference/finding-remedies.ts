import type { FindingCode } from '../../flows/doctor/finding.ts';
import type { Remedy } from './failure-remedies.ts';

export interface FindingRemedy extends Remedy {
  /** What it is at worst; only a problem makes `doctor` end with 9. */
  readonly worst: 'warning' | 'problem';
}

export const FINDING_REMEDIES: Readonly<Record<FindingCode, FindingRemedy>> = {
  'node-version': {
    worst: 'problem',
    means: 'Whether the Node that runs keywright is new enough.',
    remedies: ['Install Node 20.19 or a newer line with long-term support. `node --version` tells which one the shell finds first.'],
  },
  'lock-folder': {
    worst: 'problem',
    means: 'Whether the folder of locks is yours alone. Whoever can write to it could pose as a process that refreshes, so a command refuses to use it.',
    remedies: [
      'Run the `chmod` of the finding, or remove the folder while no keywright runs; it is made again.',
      'If there is no place for it: the user of this process has no home folder in the password database. Give it one, or use a key from a variable.',
    ],
  },
  'journal-folder': {
    worst: 'problem',
    means: 'Whether the folder in which a refresh is noted before it is sent is yours alone.',
    remedies: ['As for the folder of locks: close it with the `chmod` of the finding, or remove it while no keywright runs.'],
  },
  'state-folder': {
    worst: 'problem',
    means:
      'Whether the folder of records is yours. There is no secret in it; that others can read it is a warning, that they can write it a problem, since the records say where credentials belong.',
    remedies: ['Run the `chmod 700` of the finding.'],
  },
  'credential-file': {
    worst: 'problem',
    means: 'Whether the encrypted file, and the one of notes beside it, are files of yours that nobody else can open.',
    remedies: [
      'Run the `chmod 600` of the finding.',
      'If it is a link or belongs to somebody else, put the file itself there, or sign in again after you moved it away.',
    ],
  },
  'key-file': {
    worst: 'problem',
    means: 'Whether the key of the encrypted file is yours alone. Whoever reads both files has your credentials.',
    remedies: [
      'Close it with the `chmod` of the finding.',
      'If others could read it: sign out and in again, so that new credentials are stored, and revoke keys that were in the file.',
    ],
  },
  'store-usable': {
    worst: 'problem',
    means:
      'Whether a value can be written to the store, read back and deleted. It is a problem where your sign-ins are, and a warning for a store that only the next sign-in would use.',
    remedies: [
      'Do what the fix says; [`keychain-locked`](#keychain-locked) and [`keychain-unavailable`](#keychain-unavailable) tell more.',
      'To go over to the other store: `keywright store migrate --to file` or `--to keychain`.',
    ],
  },
  'session-bus': {
    worst: 'warning',
    means: 'On Linux: whether the session bus answers and the keychain behind it is unlocked.',
    remedies: [
      'Run keywright inside the desktop session, or start a keychain service such as gnome-keyring-daemon.',
      'Where there is no desktop use the encrypted file: `keywright login --store file`.',
    ],
  },
  'revocation-queue': {
    worst: 'warning',
    means: 'Tokens that were forgotten here and could not be revoked at the provider yet. They wait in the store, until they expire and for at most 30 days.',
    remedies: [
      '`keywright auth status` tries again, as do `login`, `logout` and `auth revoke-key`.',
      'If the provider stays away, end the session in its dashboard.',
    ],
  },
  'stale-journal': {
    worst: 'warning',
    means: 'A refresh was begun and never finished, more than five minutes ago. The provider may have spent the refresh token while the new one was lost.',
    remedies: ['Run the `keywright whoami` of the fix. If it works all is well, and the note goes with the next refresh; if not, sign in again.'],
  },
  loopback: {
    worst: 'problem',
    means: 'Whether a listener can be opened on 127.0.0.1, to which the browser returns after a sign-in.',
    remedies: [
      'Allow it in the sandbox or firewall that forbids it.',
      'Without it sign in by a code (`--device`, where the provider has it), or with a key (`--with-token`).',
    ],
  },
  browser: {
    worst: 'warning',
    means: 'Whether a browser can be expected: there is a display, and this is no SSH session and no container.',
    remedies: [
      'Sign in with `--no-browser`, which prints the address and takes what the browser ended at, or with `--device`.',
      'If a browser is there all the same, name its program in `BROWSER`.',
    ],
  },
  proxy: {
    worst: 'problem',
    means: 'Which proxies requests go through, by host, and whether the variables that name them can be read.',
    remedies: ['Set the variable that the finding names to `http://host:port`, or unset it.', 'Take hosts out of it with `NO_PROXY`.'],
  },
  'provider-reachable': {
    worst: 'problem',
    means: 'Whether the providers that you use answer. An odd answer, such as a redirect to a sign-in page of the network, is a warning.',
    remedies: [
      'See [`unreachable`](#unreachable); `--offline` leaves this check out.',
      'After an odd answer open any page in a browser: the network may want you to sign in.',
    ],
  },
  clock: {
    worst: 'warning',
    means:
      'Whether the clock agrees with those of the providers to a minute. If it does not, tokens seem expired that are not, or are refused as not yet valid.',
    remedies: [
      'Let the system set its clock by the network, such as with `timedatectl set-ntp true`.',
      'In a virtual machine that was asleep a restart of its time service helps.',
    ],
  },
  'plain-key': {
    worst: 'warning',
    means:
      'A key of a known provider lies in plain text in an `.env` file of this project, in the file of an MCP client, or in a backup of one. The finding names the file and the line, never the key.',
    remedies: [
      'In the file of a client: `keywright setup --mcp --replace-plain-keys` puts a grant in its place.',
      'In an `.env` file: sign in, take the line out, and start the program with `keywright run`.',
      'If the file was ever shared or committed, revoke the key: `keywright auth revoke-key <id>`.',
    ],
  },
  'completion-stale': {
    worst: 'warning',
    means: 'A completion script that `completion install` wrote is of another version, and may offer what there is not.',
    remedies: ['`keywright completion install <shell>` renews it.'],
  },
};
