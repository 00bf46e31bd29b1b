/** A key that was made for the life of one program. Not the key itself: what is needed to find it, should nobody be left to revoke it. */
export interface EphemeralRecord {
  /** Unique on this machine; the lock that whoever made the key holds for its own life is named after it. */
  readonly id: string;
  /** What the key is called, with a tag that no other key has. */
  readonly name: string;
  /** Its id; null as long as nobody knows it. */
  readonly keyId: string | null;
  readonly provider: string;
  readonly baseUrl: string;
  readonly project: string | null;
  /** The stored account that made it; null for a key in a variable. */
  readonly account: string | null;
  /** The beginning and end of the key in the variable, by which it is known again; null for a stored account. */
  readonly preview: string | null;
  /** Unix milliseconds. */
  readonly begunAt: number;
  /** Unix milliseconds; when it ends by itself. Null where the provider's keys do not. */
  readonly endsAt: number | null;
}

/** The journal of such keys: a small file each in the state folder, 0600. */
export interface EphemeralJournal {
  /** What cannot be read is passed over. */
  list(): Promise<readonly EphemeralRecord[]>;
  /** Returns when the record is durable. `refused` where the folder does not allow it. */
  write(record: EphemeralRecord): Promise<void>;
  delete(id: string): Promise<void>;
}
