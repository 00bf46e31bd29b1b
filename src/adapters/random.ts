import type { Random } from '../model/random.ts';

const ofTheWeb = (count: number): Buffer => Buffer.from(crypto.getRandomValues(new Uint8Array(count)));

/**
 * The real source of chance. `bytes` gives so many random bytes, and may load what it needs when it is first asked: a start that needs
 * none shall not pay for it. `crypto` of the global object, which is taken otherwise, loads the Web Cryptography API besides.
 */
export function createRandom(bytes: (count: number) => Buffer = ofTheWeb): Random {
  return {
    token: (count) => bytes(count).toString('base64url'),
    fraction: () => Math.random(),
  };
}
