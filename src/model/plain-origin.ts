/** Https and a host of plain names that ends in letters, so that it is no number and no name in another script. */
const PLAIN_HOST = /^https:\/\/(?:[a-z0-9]+(?:-[a-z0-9]+)*\.)+[a-z]{2,}$/;

/** This machine and a port that is not the usual one. */
const THIS_MACHINE = /^http:\/\/(?:127\.0\.0\.1|localhost):[1-9][0-9]{3,4}$/;

const LAST_PORT = 65_535;

/**
 * Whether an address is written as `URL` would write it and is an origin that may be used. To tell that takes a fresh
 * process far less time than its first `URL`, and only one of the patterns is made ready.
 */
export function isPlainOrigin(text: string): boolean {
  if (!text.startsWith('http:')) return PLAIN_HOST.test(text);
  return THIS_MACHINE.test(text) && Number(text.slice(text.lastIndexOf(':') + 1)) <= LAST_PORT;
}
