/**
 * The one table of what can go wrong. A code is permanent: scripts match on it, so an entry is never renamed or reused.
 * `exit` is the process's exit code, `title` the sentence after `error[code]:`, `retry` says whether trying the same
 * thing again can help.
 */
export const FAILURES = {
  bug: { exit: 1, title: 'Something in keywright itself went wrong', retry: false },
  usage: { exit: 2, title: 'The command was not understood', retry: false },
  'needs-answer': { exit: 2, title: 'An answer is needed and nobody can be asked', retry: false },
  'not-found': { exit: 3, title: 'There is no such thing', retry: false },
  'signed-out': { exit: 4, title: 'You are not signed in', retry: false },
  'session-ended': { exit: 4, title: 'The provider no longer accepts this credential', retry: false },
  refused: { exit: 5, title: 'This was refused', retry: false },
  'consent-denied': { exit: 5, title: 'The sign-in was declined', retry: false },
  'missing-scope': { exit: 5, title: 'The credential lacks a scope', retry: false },
  'keychain-unavailable': { exit: 6, title: 'The credential store cannot be used', retry: false },
  'keychain-locked': { exit: 6, title: 'The credential store is locked', retry: true },
  unreachable: { exit: 7, title: 'The provider cannot be reached', retry: true },
  'rate-limited': { exit: 7, title: 'The provider asks for a pause', retry: true },
  'timed-out': { exit: 7, title: 'It took too long', retry: true },
  'unexpected-answer': { exit: 8, title: 'The provider gave an answer that makes no sense', retry: false },
  'rotation-unfinished': { exit: 9, title: 'The rotation is not finished', retry: true },
  'partly-done': { exit: 9, title: 'Only a part was done', retry: true },
  cancelled: { exit: 130, title: 'Cancelled', retry: false },
} as const satisfies Record<string, { exit: number; title: string; retry: boolean }>;

export type FailureCode = keyof typeof FAILURES;

export interface FailureParts {
  /** One line: what happened, in the words of this case. Text from outside must have gone through `plainText`. */
  readonly detail: string;
  /** One line: what to do now. */
  readonly hint?: string;
  /** What `--json` adds under `error`, for results that are partly there. Never a secret. */
  readonly data?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
  /** What a flow may conclude from it beyond its code; told to nobody. `no-keychain`: none can be reached from here. */
  readonly means?: 'no-keychain';
}

const brand = Symbol.for('keywright.failure');

/** A stated outcome that is not success. Anything else that is thrown is a `bug`. */
export class Failure extends Error {
  readonly code: FailureCode;
  readonly detail: string;
  readonly hint: string | undefined;
  readonly data: Readonly<Record<string, unknown>> | undefined;
  readonly means: 'no-keychain' | undefined;
  readonly [brand] = true;

  constructor(code: FailureCode, parts: FailureParts) {
    super(`${code}: ${parts.detail}`, parts.cause === undefined ? undefined : { cause: parts.cause });
    this.name = 'Failure';
    this.code = code;
    this.detail = parts.detail;
    this.hint = parts.hint;
    this.data = parts.data;
    this.means = parts.means;
  }
}

/** True for a `Failure`, also one that was made by another copy of this module. */
export function isFailure(thrown: unknown): thrown is Failure {
  return typeof thrown === 'object' && thrown !== null && brand in thrown;
}

/** True for a `Failure` with one of these codes. */
export function failedWith(thrown: unknown, ...codes: readonly FailureCode[]): thrown is Failure {
  return isFailure(thrown) && codes.includes(thrown.code);
}
