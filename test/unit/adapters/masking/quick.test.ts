import { readFile } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { assert, constantFrom, array, integer, nat, oneof, property, string, tuple } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { startKernel } from '../../../../src/adapters/masking/kernel.ts';
import { createMask, type Mask } from '../../../../src/adapters/masking/mask.ts';
import { needleOf } from '../../../../src/adapters/masking/needle.ts';
import { PLACE_BYTES } from '../../../../src/adapters/masking/places.ts';
import { quickPassing } from '../../../../src/adapters/masking/quick.ts';
import { bundle } from '../../../support/bundle.ts';

const ROOT = fileURLToPath(new URL('../../../..', import.meta.url));

const noKernel = (): undefined => undefined;

/** Whether the compiled part looks for these secrets. */
const isQuick = (...secrets: readonly string[]): boolean => quickPassing(secrets.map(needleOf), PLACE_BYTES, startKernel) !== undefined;

/** What comes out, chunk by chunk, with each chunk read into one of the mask's places in turn, as from a pipe. */
function chunksOut(mask: Mask, chunks: readonly string[]): readonly string[] {
  const places = mask.places();
  const text = (pieces: readonly Buffer[]): string => Buffer.concat(pieces).toString('latin1');
  const out = chunks.map((chunk, index) => {
    const place = places[index % places.length] ?? Buffer.alloc(0);
    return text(mask.pass(place.subarray(0, place.write(chunk, 'latin1'))));
  });
  return [...out, text(mask.end())];
}

/** Of all that a secret may be made of: with a beginning that is the end of a colour, with itself in itself, of one block, and of several. */
const SECRETS = [
  'mxk_0123456789abcdef',
  'aabaabaa',
  'mmmmmmm-m',
  '1m1m1m1mx1',
  'K;31mabcd',
  'secret[secret]',
  'abababababababababababababababababX',
  'x[31mx[31m',
  'a'.repeat(33),
];
const COLOURS = ['\u001b[31m', '\u001b[0m', '\u001b[K', '\u001b[38;2;1;2;3m', '\u001b[m'];
const OTHERS = [
  '\u001b',
  '\u001b[3',
  '\u001b[2J',
  '[',
  '1',
  'm',
  'x',
  'K',
  '\n',
  '\u00ff\u0000',
  ' a line of a log that is longer than a block of sixteen bytes, and than four of them\n',
];

/** A text that is nearly all secrets, pieces of secrets and colours, and how it is cut. */
const cutText = (secret: string) => {
  const piece = oneof(
    { weight: 4, arbitrary: constantFrom(secret) },
    { weight: 4, arbitrary: tuple(nat(secret.length), nat(secret.length)).map(([from, length]) => secret.slice(from, from + length)) },
    { weight: 3, arbitrary: constantFrom(...COLOURS) },
    {
      weight: 3,
      arbitrary: tuple(nat(secret.length), constantFrom(...COLOURS)).map(([at, colour]) => `${secret.slice(0, at)}${colour}${secret.slice(at)}`),
    },
    { weight: 2, arbitrary: constantFrom(...OTHERS) },
    { weight: 1, arbitrary: string({ maxLength: 40 }).map((text) => Buffer.from(text).toString('latin1')) },
  );
  return tuple(
    array(piece, { maxLength: 40 }).map((pieces) => pieces.join('')),
    array(integer({ min: 0, max: 90 }), { minLength: 1, maxLength: 12 }),
  );
};

/** In pieces of these lengths, again and again. */
function cut(text: string, lengths: readonly number[]): readonly string[] {
  const chunks: string[] = [];
  for (let at = 0, turn = 0; at < text.length; turn += 1) {
    // Something has to move on where all lengths are 0.
    const length = (lengths[turn % lengths.length] ?? 0) + (turn % 7 === 6 ? 1 : 0);
    chunks.push(text.slice(at, at + length));
    at += length;
  }
  return chunks;
}

describe('the compiled part of the mask', () => {
  it('is compiled from its source as it is', async () => {
    const { stdout } = await execa(process.execPath, [path.join(ROOT, 'scripts/wasm.mjs'), '--print'], { stripFinalNewline: false });
    expect(await readFile(path.join(ROOT, 'src/adapters/masking/compiled.ts'), 'utf8')).toBe(stdout);
  });

  it('looks for one secret of a usual form, and for no other', () => {
    expect(SECRETS.filter((secret) => !isQuick(secret))).toEqual([]);
    expect([isQuick('short-7'), isQuick('12345678'), isQuick('with\u001bescape'), isQuick('x'.repeat(4_096)), isQuick('one-secret', 'and-another')]).toEqual(
      Array.from({ length: 5 }, () => false),
    );
  });

  it.each(SECRETS)('gives byte for byte, and chunk for chunk, what is given without it: %s', (secret) => {
    assert(
      property(cutText(secret), ([text, lengths]) => {
        const chunks = cut(text, lengths);
        expect(chunksOut(createMask([secret]), chunks)).toEqual(chunksOut(createMask([secret], noKernel), chunks));
      }),
      { numRuns: 300 },
    );
  });

  it('gives the same where chunks are as long as a pipe, and what is held comes before them', () => {
    const [secret = ''] = SECRETS;
    for (const shift of [0, 1, 7, 19, 20, 21]) {
      const text = `${'-'.repeat(shift)}${`${secret} and what stands between\n${secret}`.repeat(8_000)}`;
      const chunks = cut(text, [PLACE_BYTES - 1]);
      const out = chunksOut(createMask([secret]), chunks).join('');
      expect(out === text.replaceAll(secret, '[secret]')).toBe(true);
    }
  });

  it('shows the secret in none of its memory that is written out', () => {
    const [secret = ''] = SECRETS;
    const mask = createMask([secret]);
    const [place = Buffer.alloc(0)] = mask.places();
    const length = place.write(`before ${secret} after\n`);
    const pieces = mask.pass(place.subarray(0, length));
    expect(pieces.map(String)).toEqual(['before [secret] after\n']);
  });

  it('is not needed: a Node without WebAssembly masks the same', async () => {
    const program = await bundle(new URL('../../../support/mask-program.ts', import.meta.url));
    const { stdout } = await execa(process.execPath, ['--jitless', program.path]);
    await program.remove();
    expect(stdout).toBe('undefined|a |[secret] b|');
  });

  it('is left out where this processor cannot run it', () => {
    const mask = createMask(['mxk_0123456789abcdef'], noKernel);
    expect(chunksOut(mask, ['a mxk_0123456789abcdef b'])).toEqual(['a [secret] b', '']);
  });
});
