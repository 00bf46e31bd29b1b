import type { FailureCode } from './failure.ts';

/** The failures that something can end with, and what each means there; null where the title of the table says it all. */
export type Failures = Readonly<Partial<Record<FailureCode, string | null>>>;

/** What every command can end with, whatever it does. */
export const OF_EVERY_COMMAND = {
  bug: null,
  usage: 'A word, a flag or a value was not understood, or does not fit the others',
  refused: 'The output cannot be written, or what it relies on is not safe to use',
  cancelled: 'Ended by Ctrl-C, or by a no to a question',
} as const satisfies Failures;

/** Of commands that look into a store of credentials. */
export const STORE = {
  'keychain-unavailable': null,
  'keychain-locked': null,
  'timed-out': 'The keychain did not answer in time, or another process kept its lock',
} as const satisfies Failures;

/** Of commands that find out which credential is meant. */
export const CREDENTIAL = {
  ...STORE,
  'needs-answer': 'It cannot be told which provider is meant, or nobody is there to say yes',
  'signed-out': null,
} as const satisfies Failures;

/** Of commands that refresh a session. */
export const REFRESH = {
  refused: 'Sending the credential there would not be safe, or the output cannot be written',
  'session-ended': null,
  unreachable: null,
  'rate-limited': null,
  'timed-out': 'The provider, the keychain or another process took too long',
  'unexpected-answer': null,
} as const satisfies Failures;

/** Of commands that make requests with a credential. */
export const ACCESS = {
  ...CREDENTIAL,
  ...REFRESH,
  refused: 'The provider refused, or sending the credential there would not be safe',
  'missing-scope': null,
  'not-found': 'The provider does not know what was asked for',
} as const satisfies Failures;

/** What is left out of a result, where the hint says how to do the rest. */
export const REST_IN_HINT = 'Some of it was done; the hint is the command for the rest';
