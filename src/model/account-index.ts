import type { AccountRecord, CredentialAddress } from './credentials.ts';

/** The index of what must be in the stores. Reading is lenient (an unreadable record is as good as none, and is warned of); writing is atomic. */
export interface AccountIndex {
  list(): Promise<readonly AccountRecord[]>;
  find(address: CredentialAddress): Promise<AccountRecord | undefined>;
  write(record: AccountRecord): Promise<void>;
  delete(address: CredentialAddress): Promise<void>;
}
