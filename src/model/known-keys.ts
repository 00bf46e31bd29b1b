import type { ApiKey } from './api-key.ts';

/** What is remembered of a key so that it can be named without asking anybody. No secret is in it. */
export type KnownKey = Pick<ApiKey, 'id' | 'name' | 'agent'>;

/** Whose keys they are. */
export interface KeyOwner {
  readonly provider: string;
  readonly origin: string;
  readonly account: string;
}

/** A sign-in that waits for its second step. Its id is no secret. */
export interface WaitingSignIn {
  readonly id: string;
  /** Unix milliseconds. */
  readonly endsAt: number;
}

/** What a command learned of the keys of somebody, or of a sign-in of theirs. */
export type KeyNews =
  /** These exist. */
  | { readonly kind: 'seen'; readonly keys: readonly KnownKey[] }
  /** All that exist were seen by now. */
  | { readonly kind: 'all-seen' }
  | { readonly kind: 'gone'; readonly id: string }
  /** It waits for its second step. */
  | { readonly kind: 'begun'; readonly signIn: WaitingSignIn }
  /** It waits no longer. */
  | { readonly kind: 'over'; readonly id: string };

/**
 * The keys, and the sign-ins that wait, which completion offers. They are learned by the way and may be out of date; nothing depends on them. Telling costs
 * nothing and never fails; what was told is written once the command has ended.
 */
export interface KnownKeys {
  tell(owner: KeyOwner, news: KeyNews): void;
}
