/** Https and a host of plain names that ends in letters, so that it is no number and no name in another script; or this machine and a port that is not the usual one. */
const PLAIN_ORIGIN = /^(?:https:\/\/(?:[a-z0-9]+(?:-[a-z0-9]+)*\.)+[a-z]{2,}|http:\/\/(?:127\.0\.0\.1|localhost):(?<port>[1-9][0-9]{3,4}))$/;

const LAST_PORT = 65_535;

/**
 * Whether an address is written as `URL` would write it and is an origin that may be used. To tell that takes a fresh
 * process far less time than its first `URL`.
 */
export function isPlainOrigin(text: string): boolean {
  const found = PLAIN_ORIGIN.exec(text);
  return found !== null && Number(found.groups?.['port'] ?? 0) <= LAST_PORT;
}
