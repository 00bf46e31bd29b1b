import type { FailureCode } from '../../src/model/failure.ts';
import type { StoreName } from '../../src/model/credentials.ts';

/** The steps of a refresh at which a process can be killed, in their order. */
export const DEATH_STEPS = [
  'before-lock',
  'holding',
  'journal-written',
  'request-due',
  'request-sent',
  'reply-received',
  'half-written',
  'written',
  'journal-cleared',
] as const;
export type DeathStep = (typeof DEATH_STEPS)[number];

/** Between these the new tokens are nowhere but in the process, so that a kill may cost the session. Not before, and not after. */
export const COSTLY_STEPS: ReadonlySet<DeathStep> = new Set<DeathStep>(['request-sent', 'reply-received', 'half-written']);

/** What a worker is told. */
export interface WorkerOrders {
  readonly origin: string;
  readonly store: StoreName;
  /** The home folder as the password database has it, whatever `HOME` says. */
  readonly passwordHome: string;
  /** Where it kills itself. `onlyFirst` is a file that the first of a crowd makes there; the others go on. */
  readonly die?: { readonly at: DeathStep; readonly onlyFirst?: string };
  readonly lock?: 'none';
  readonly lockWaitMs?: number;
  readonly requestMs?: number;
  readonly wait?: 'for-a-word';
  /** `holding`: says so once it holds the lock, and stays. `keeper`: see the worker. */
  readonly stay?: 'holding' | 'keeper';
}

export type WorkerAnswer =
  | { readonly kind: 'token'; readonly token: string; readonly ms: number }
  | { readonly kind: 'failed'; readonly code: FailureCode; readonly exit: number; readonly detail: string; readonly hint: string; readonly ms: number };
