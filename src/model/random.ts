export interface Random {
  /** `bytes` random bytes as base64url without padding. */
  token(bytes: number): string;
  /** A number from 0 up to, not including, 1; for jitter, never for secrets. */
  fraction(): number;
}
