import type { CredentialAddress, StoredCredential, StoreName } from './credentials.ts';

/**
 * Keeps credentials. `read` gives undefined only where the entry is absent for certain, as far as the store can know;
 * a store that is locked, missing or silent throws `keychain-locked`, `keychain-unavailable` or `timed-out`.
 */
export interface CredentialStore {
  readonly name: StoreName;
  read(address: CredentialAddress): Promise<StoredCredential | undefined>;
  /** Returns when the credential is durable. It is never cancelled half-way. */
  write(address: CredentialAddress, credential: StoredCredential): Promise<void>;
  /** `deleted` or `absent`. */
  delete(address: CredentialAddress): Promise<'deleted' | 'absent'>;
  /** Proves that a value can be written, read back and deleted. Called before a browser opens, so that a fresh token is never lost. */
  probe(): Promise<void>;
}
