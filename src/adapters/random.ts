import type { Random } from '../model/random.ts';

/**
 * The real source of chance. `node:crypto` is loaded when it is first asked, since a start that needs no random bytes shall not pay for
 * it; `crypto` of the global object loads as much, and the Web Cryptography API besides.
 */
export function createRandom(): Random {
  return {
    token: (bytes) => process.getBuiltinModule('node:crypto').randomBytes(bytes).toString('base64url'),
    fraction: () => Math.random(),
  };
}
