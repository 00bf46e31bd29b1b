/**
 * The entries of one keychain service by name, as plain text, however they are reached.
 * Failures are `keychain-unavailable`, `keychain-locked` and `timed-out`.
 */
export interface Entries {
  /**
   * Undefined where there is nothing. The keychain library says the same of a locked keychain: who wraps the library on a
   * system where that happens must make sure (`on-linux.ts`).
   */
  get(name: string): Promise<string | undefined>;
  set(name: string, value: string): Promise<void>;
  /** `absent` where nothing was deleted; the same caution applies. */
  delete(name: string): Promise<'deleted' | 'absent'>;
}
