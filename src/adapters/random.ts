import type { Random } from '../model/random.ts';

/**
 * The real source of chance. `crypto` of the global object is the same generator as `node:crypto`, and Node loads it when it
 * is first touched: a start that needs no random bytes does not pay for it.
 */
export function createRandom(): Random {
  return {
    token: (bytes) => Buffer.from(crypto.getRandomValues(new Uint8Array(bytes))).toString('base64url'),
    fraction: () => Math.random(),
  };
}
