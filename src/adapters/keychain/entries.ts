/**
 * The entries of one keychain service by name, as plain text, however they are reached.
 * Failures are `keychain-unavailable`, `keychain-locked` and `timed-out`.
 */
export interface Entries {
  /** Undefined where the keychain gives nothing. A locked keychain may do so too: see `route.ts`. */
  get(name: string): Promise<string | undefined>;
  set(name: string, value: string): Promise<void>;
  /** `absent` where the keychain says that it deleted nothing; the same caution applies. */
  delete(name: string): Promise<'deleted' | 'absent'>;
}
