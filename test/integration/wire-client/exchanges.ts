import type { FailureCode } from '../../../src/model/failure.ts';
import type { OurCall } from './calls.ts';

/** One call of ours that belongs to one entry of a witness. Placeholders stand for what they stand for in the witness. */
export interface Exchange {
  /** The name of the entry. */
  readonly entry: string;
  readonly call: OurCall;
  /** The credential. */
  readonly with: string;
  readonly project?: string;
  /** How often it is asked: only what changes nothing is asked again, and only where the server does not say when. Once, unless it is said. */
  readonly tries?: number;
  readonly outcome: Good | Bad;
}

export interface Good {
  readonly kind: 'good';
  /** What the client reads out of the answer. */
  readonly gives: unknown;
}

export interface Bad {
  readonly kind: 'bad';
  readonly code: FailureCode;
  /** The whole detail. */
  readonly detail: string;
  /** The whole hint; undefined for the failure of a credential that is no longer good, which says the server's words alone. */
  readonly hint: string | undefined;
}

export const gives = (value: unknown): Good => ({ kind: 'good', gives: value });
export const fails = (code: FailureCode, detail: string, hint?: string): Bad => ({ kind: 'bad', code, detail, hint });

/** The times of every sample. */
export const TIME = '{{time}}';

/** 2026-01-01T00:00:00Z, which is when the calls are made. */
export const NOW = 1_767_225_600_000;

export const DAY_MS = 86_400_000;

export const WIDER = 'Use a credential that may do this: sign in with "keywright login", or take a key with wider scopes.';
export const CORRECT = 'Correct what the provider names, and try again.';
export const CONFLICT = 'It conflicts with something that is there already, such as a key of the same name.';
