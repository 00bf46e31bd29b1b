/*
 * SHA-256 (FIPS 180-4) of a short text, for the names of files. node:crypto does the same, and brings so much of Node with it that to load it
 * takes a tenth of the time of a whole command; every command that finds somebody signed in needs such a name. Nothing secret goes through here.
 */

/** The first 32 bits of the fractional part of a root; section 4.2.2 and 5.3.3. */
const fraction = (root: number): number => Math.floor((root - Math.floor(root)) * 2 ** 32) | 0;

function primes(count: number): readonly number[] {
  const found: number[] = [];
  for (let candidate = 2; found.length < count; candidate += 1) if (found.every((prime) => candidate % prime !== 0)) found.push(candidate);
  return found;
}

const turned = (word: number, by: number): number => (word >>> by) | (word << (32 - by));

/** The bytes, a one bit, zeros, and the length in bits, up to whole blocks of 64 bytes; section 5.1.1. */
function padded(text: string): DataView {
  const bytes = new TextEncoder().encode(text);
  const block = new Uint8Array(Math.ceil((bytes.length + 9) / 64) * 64);
  block.set(bytes);
  block[bytes.length] = 0x80;
  const view = new DataView(block.buffer);
  view.setUint32(block.length - 8, Math.floor((bytes.length * 8) / 2 ** 32));
  view.setUint32(block.length - 4, (bytes.length * 8) >>> 0);
  return view;
}

/** The schedule of one block; section 6.2.2, step 1. */
function schedule(view: DataView, start: number): Int32Array {
  const words = new Int32Array(64);
  const at = (index: number): number => words[index] ?? 0;
  for (let index = 0; index < 64; index += 1) {
    if (index < 16) {
      words[index] = view.getInt32(start + index * 4);
      continue;
    }
    const [early, late] = [at(index - 15), at(index - 2)];
    const small = turned(early, 7) ^ turned(early, 18) ^ (early >>> 3);
    const large = turned(late, 17) ^ turned(late, 19) ^ (late >>> 10);
    words[index] = at(index - 16) + small + at(index - 7) + large;
  }
  return words;
}

/** The lower-case hexadecimal SHA-256 of a text in UTF-8. */
export function textHash(text: string): string {
  const first = primes(64);
  const constants = Int32Array.from(first, (prime) => fraction(Math.cbrt(prime)));
  const state = Int32Array.from(first.slice(0, 8), (prime) => fraction(Math.sqrt(prime)));
  const view = padded(text);
  for (let start = 0; start < view.byteLength; start += 64) {
    const words = schedule(view, start);
    let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = state;
    for (let index = 0; index < 64; index += 1) {
      const choice = (e & f) ^ (~e & g);
      const majority = (a & b) ^ (a & c) ^ (b & c);
      const one = (h + (turned(e, 6) ^ turned(e, 11) ^ turned(e, 25)) + choice + (constants[index] ?? 0) + (words[index] ?? 0)) | 0;
      const two = ((turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)) + majority) | 0;
      [a, b, c, d, e, f, g, h] = [(one + two) | 0, a, b, c, (d + one) | 0, e, f, g];
    }
    for (const [index, word] of [a, b, c, d, e, f, g, h].entries()) state[index] = (state[index] ?? 0) + word;
  }
  return [...state].map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
}
