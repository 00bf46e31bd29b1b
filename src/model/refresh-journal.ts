/** That a refresh token is on its way to the server. */
export interface JournalLine {
  /** SHA-256 of the refresh token, hex; the token itself is never written here. */
  readonly tokenHash: string;
  /** Unix milliseconds when the request was about to be sent. */
  readonly at: number;
}

/**
 * Remembers what was about to happen to a refresh token, so that after a crash between request and write somebody knows
 * that the token may be spent. Read and written under the lock of the credential only.
 */
export interface RefreshJournal {
  read(name: string): Promise<JournalLine | undefined>;
  /** Returns when the line is durable. */
  write(name: string, line: JournalLine): Promise<void>;
  clear(name: string): Promise<void>;
}
