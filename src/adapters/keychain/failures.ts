import { Failure } from '../../model/failure.ts';
import type { FailureCode } from '../../model/failure.ts';

const FILE_STORE = 'keep credentials in an encrypted file with --store file';
const OWN_SESSION = `Run it inside your desktop session, start the keychain service (for example gnome-keyring-daemon), or ${FILE_STORE}.`;

/** Every way in which the keychain fails to serve, in words; some mean that there is none. */
const STATES = {
  noBus: {
    code: 'keychain-unavailable',
    detail: 'There is no session bus, through which the keychain would be reached.',
    hint: OWN_SESSION,
    means: 'no-keychain',
  },
  busRefused: {
    code: 'keychain-unavailable',
    detail: 'The session bus does not answer at its address, or belongs to another user.',
    hint: OWN_SESSION,
    means: 'no-keychain',
  },
  noService: {
    code: 'keychain-unavailable',
    detail: 'No keychain service runs in this session, and none can be started.',
    hint: OWN_SESSION,
    means: 'no-keychain',
  },
  noDefault: {
    code: 'keychain-unavailable',
    detail: 'The keychain has no default collection in which something could be kept.',
    hint: `Log in to the desktop session once, which makes one, or ${FILE_STORE}.`,
  },
  locked: {
    code: 'keychain-locked',
    detail: 'The keychain is locked, so that it cannot be told what it holds.',
    hint: `Unlock it by logging in to the desktop session, or run "gnome-keyring-daemon --replace --unlock --components=secrets" and type its password, or ${FILE_STORE}.`,
  },
  notUnlocked: {
    code: 'keychain-locked',
    detail: 'The keychain asked to be unlocked and was not.',
    hint: `Try again and answer its question, unlock it by logging in to the desktop session, or ${FILE_STORE}.`,
  },
  silent: {
    code: 'timed-out',
    detail: 'The keychain did not answer in time.',
    hint: `Try again; if it stays so, restart the keychain service, or ${FILE_STORE}.`,
  },
  crashed: { code: 'keychain-unavailable', detail: 'The keychain library ended without an answer.', hint: `Run keywright doctor, or ${FILE_STORE}.` },
  notKept: { code: 'keychain-unavailable', detail: 'The keychain took a value but did not keep it.', hint: `Run keywright doctor, or ${FILE_STORE}.` },
  unsure: {
    code: 'keychain-unavailable',
    detail: 'The keychain gave nothing, and cannot be asked whether it is locked.',
    hint: `Run keywright doctor, or ${FILE_STORE}.`,
  },
  notDeleted: {
    code: 'keychain-unavailable',
    detail: 'The keychain says that it holds the entry, but did not delete it.',
    hint: `Run keywright doctor, or ${FILE_STORE}.`,
  },
} as const satisfies Record<string, { code: FailureCode; detail: string; hint: string; means?: 'no-keychain' }>;

export type KeychainTrouble = keyof typeof STATES;

export function keychainFailure(trouble: KeychainTrouble, cause?: unknown): Failure {
  const { code, ...parts } = STATES[trouble];
  return new Failure(code, { ...parts, cause });
}

/** The library, or the system library below it, could not be loaded. */
export function libraryMissing(platform: NodeJS.Platform, cause?: unknown): Failure {
  const hint =
    platform === 'linux'
      ? `Install libsecret (Debian, Ubuntu: apt-get install libsecret-1-0), or ${FILE_STORE}.`
      : `Install keywright again, or ${FILE_STORE}.`;
  return new Failure('keychain-unavailable', { detail: 'The keychain library cannot be loaded on this machine.', hint, cause, means: 'no-keychain' });
}

/**
 * What the library's error texts mean. They come from GLib, libsecret and the keychain service, as seen with gnome-keyring 42
 * on Debian 12, and are not translated as long as nothing in the process calls setlocale, which Node does not.
 */
const LIBRARY_ERRORS: ReadonlyArray<readonly [RegExp, KeychainTrouble]> = [
  [/locked collection|IsLocked|prompt was dismissed/i, 'locked'],
  [/Cannot autolaunch D-Bus|Cannot determine session bus address/i, 'noBus'],
  [/Could not connect|Connection refused|connection is closed|Failed to connect/i, 'busRefused'],
  [/not provided by any \.service files|ServiceUnknown|NameHasNoOwner/i, 'noService'],
  [/Object does not exist at path|No such secret collection|No such object/i, 'noDefault'],
  [/Timeout was reached|did not receive a reply|NoReply/i, 'silent'],
];

/** The failure behind an error text of the library. One that is not in the table is passed on in printable characters; such texts hold no values. */
export function failureOfLibrary(message: string): Failure {
  const known = LIBRARY_ERRORS.find(([pattern]) => pattern.test(message));
  if (known !== undefined) return keychainFailure(known[1], new Error(message));
  const told = message
    .replace(/[^\x21-\x7e]+/g, ' ')
    .trim()
    .slice(0, 200);
  return new Failure('keychain-unavailable', {
    detail: `The keychain answered with an error: ${told === '' ? 'it did not say which' : told}`,
    hint: `Run keywright doctor, or ${FILE_STORE}.`,
  });
}
