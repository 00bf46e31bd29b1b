/*
 * SHA-256 (FIPS 180-4) of a short text, for the names of files. node:crypto does the same, and brings so much of Node with it that to load it
 * takes a tenth of the time of a whole command; every command that finds somebody signed in needs such a name. Nothing secret goes through here.
 */

/** The first 32 bits of the fractional parts of the cube roots of the first 64 primes, and of the square roots of the first eight; sections 4.2.2 and 5.3.3. */
const ROOTS = [
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74,
  0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d,
  0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e,
  0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5,
  0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
];
const START = [0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19];

/*
 * Few functions, and none for a single word: in a fresh process nothing is compiled, and to call one takes longer than what it would do.
 */

/** The words of a block: the text, a one bit, zeros, and in the last block its length in bits; sections 5.1.1 and 6.2.2, step 1. */
function schedule(words: number[], bytes: Uint8Array, start: number): void {
  const { length } = bytes;
  for (let index = 0; index < 16; index += 1) {
    let word = 0;
    for (let at = start + index * 4; at < start + index * 4 + 4; at += 1) word = (word << 8) | (at === length ? 0x80 : (bytes[at] ?? 0));
    words[index] = word;
  }
  if (start + 64 >= length + 9) {
    words[14] = Math.floor((length * 8) / 2 ** 32);
    words[15] = (length * 8) | 0;
  }
  for (let index = 16; index < 64; index += 1) {
    const early = words[index - 15] ?? 0;
    const late = words[index - 2] ?? 0;
    const small = ((early >>> 7) | (early << 25)) ^ ((early >>> 18) | (early << 14)) ^ (early >>> 3);
    const large = ((late >>> 17) | (late << 15)) ^ ((late >>> 19) | (late << 13)) ^ (late >>> 10);
    words[index] = ((words[index - 16] ?? 0) + small + (words[index - 7] ?? 0) + large) | 0;
  }
}

/** Adds a block to what is hashed so far; section 6.2.2, steps 2 to 4. Word by word: lists that are taken apart would take ten times as long the first time. */
function compress(state: number[], words: readonly number[]): void {
  let a = state[0] ?? 0;
  let b = state[1] ?? 0;
  let c = state[2] ?? 0;
  let d = state[3] ?? 0;
  let e = state[4] ?? 0;
  let f = state[5] ?? 0;
  let g = state[6] ?? 0;
  let h = state[7] ?? 0;
  for (let index = 0; index < 64; index += 1) {
    const choice = (e & f) ^ (~e & g);
    const majority = (a & b) ^ (a & c) ^ (b & c);
    const ends = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const begins = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const one = (h + ends + choice + (ROOTS[index] ?? 0) + (words[index] ?? 0)) | 0;
    const two = (begins + majority) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + one) | 0;
    d = c;
    c = b;
    b = a;
    a = (one + two) | 0;
  }
  const added = [a, b, c, d, e, f, g, h];
  for (let index = 0; index < 8; index += 1) state[index] = ((state[index] ?? 0) + (added[index] ?? 0)) | 0;
}

/** The lower-case hexadecimal SHA-256 of a text in UTF-8. */
export function textHash(text: string): string {
  const bytes = Buffer.from(text, 'utf8');
  const state = START.slice();
  const words: number[] = [];
  for (let start = 0; start < bytes.length + 9; start += 64) {
    schedule(words, bytes, start);
    compress(state, words);
  }
  return state.map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
}
