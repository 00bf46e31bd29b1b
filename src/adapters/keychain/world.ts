import type { Clock } from '../../model/clock.ts';
import type { Env } from '../../model/env.ts';
import type { Random } from '../../model/random.ts';
import type { Failure } from '../../model/failure.ts';

/**
 * The keychain's services: an entry is found by its service and its name. `pending` is for what could not be revoked yet,
 * `probe` for the random markers of `probe()`, which are gone again when it returns.
 */
export const SERVICES = { credentials: 'keywright', pending: 'keywright-pending', probe: 'keywright-probe' } as const;

/** What the keychain needs of the process that it runs in. */
export interface KeychainWorld {
  readonly platform: NodeJS.Platform;
  /** The user id, by which the session bus knows us. Of no meaning outside Linux. */
  readonly uid: number;
  readonly env: Env;
  readonly clock: Clock;
  readonly random: Random;
  /** The file of the program in `child.ts`, as built. */
  readonly childEntry: string;
  /** Whether a person is there who can answer the desktop's question for the keychain's password. */
  readonly mayPrompt: boolean;
  /** A line for that person on stderr. */
  note(line: string): void;
  /** `true`: the library is never called in this process, so that every call can be cut off at its limit. */
  readonly alwaysInChild?: true;
  /**
   * Writes a failure to stderr before it returns. It is called once, right before the process ends itself with SIGKILL
   * (exit code 137 in a shell): a keychain call that hangs holds a thread that nothing else can end.
   */
  lastWords(failure: Failure): void;
}

/** Milliseconds. */
export interface KeychainLimits {
  /** For the session bus, and for a call of the library in this process: an unlocked keychain answers within a second, also while 20 processes write to it. */
  readonly call: number;
  /** For a call in a child process when it is not known whether the keychain will answer. */
  readonly unsure: number;
  /** For a person who is asked to unlock the keychain. */
  readonly unlock: number;
}

export const LIMITS: KeychainLimits = { call: 10_000, unsure: 10_000, unlock: 60_000 };

/** For what a command does on the side, which nobody waits for. */
export const HURRIED_LIMITS: KeychainLimits = { call: 1_000, unsure: 1_000, unlock: 1_000 };
