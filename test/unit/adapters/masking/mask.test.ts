import { describe, expect, it } from 'vitest';
import { createMask } from '../../../../src/adapters/masking/mask.ts';

const KEY = `mxk_${'0123456789abcdef'.repeat(4)}`;
const RED = '\u001b[31m';
const OFF = '\u001b[0m';

/** What comes out, chunk by chunk, and at the end. */
function chunksOut(secrets: readonly string[], chunks: readonly string[]): readonly string[] {
  const mask = createMask(secrets);
  const text = (pieces: readonly Buffer[]): string => Buffer.concat(pieces).toString('latin1');
  return [...chunks.map((chunk) => text(mask.pass(Buffer.from(chunk, 'latin1')))), text(mask.end())];
}

const masked = (secrets: readonly string[], ...chunks: readonly string[]): string => chunksOut(secrets, chunks).join('');

/** Chance that comes again: a failure names its seed. */
function chance(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** Cut into chunks of any length, empty ones among them. */
function cut(text: string, next: (below: number) => number): readonly string[] {
  const chunks: string[] = [];
  for (let at = 0; at < text.length;) {
    const length = next(3) === 0 ? next(2) : next(12);
    chunks.push(text.slice(at, at + length));
    at += length;
  }
  return chunks;
}

const COLOUR = String.raw`\u001b\[[0-9:;]*[mK]`;
const withoutColours = (text: string): string => text.replace(new RegExp(COLOUR, 'g'), '');

/** The same promise, said in another way: as one expression over the whole text. A colour is passed over, so that no secret begins within it. */
function maskedAtOnce(secrets: readonly string[], text: string): string {
  const longestFirst = [...secrets].sort((one, other) => other.length - one.length);
  const parts = longestFirst.map((secret) => [...secret].join(`(?:${COLOUR})*`));
  return text.replace(new RegExp(`(${parts.join('|')})|${COLOUR}`, 'g'), (found, secret: string | undefined) =>
    secret === undefined ? found : `[secret]${(found.match(new RegExp(COLOUR, 'g')) ?? []).join('')}`,
  );
}

/** Letters that secrets are made of, with much that nearly is one, and sequences that are no colours. */
function anyText(secrets: readonly string[], next: (below: number) => number): string {
  const pieces: string[] = [];
  for (let count = next(30); count >= 0; count -= 1) {
    const secret = secrets[next(secrets.length)] ?? '';
    const part = [
      secret,
      secret.slice(0, next(secret.length)),
      secret.slice(next(secret.length)),
      'abc'.charAt(next(3)),
      'x\n',
      '\u001b',
      '\u001b[31',
      '\u001b[2J',
      '\u00ff\u0000',
      '[secret]',
    ][next(10)];
    for (const letter of part ?? '') {
      pieces.push(letter);
      while (next(8) === 0) pieces.push([RED, OFF, '\u001b[38;2;1;2;3m', '\u001b[m', '\u001b[4:3m', '\u001b[K'][next(6)] ?? '');
    }
  }
  return pieces.join('');
}

describe('a mask', () => {
  it.each([
    ['in the middle', `token=${KEY};`, 'token=[secret];'],
    ['alone', KEY, '[secret]'],
    ['twice without anything between', KEY + KEY, '[secret][secret]'],
    ['after what begins like it', `mxk_012mxk_${KEY}`, 'mxk_012mxk_[secret]'],
    ['not at all where its end is missing', KEY.slice(0, -1), KEY.slice(0, -1)],
    ['in colour', `${RED}${KEY}${OFF}`, `${RED}[secret]${OFF}`],
    [
      'with its colours after it where they stood between its characters',
      `a${KEY.slice(0, 9)}${RED}${KEY.slice(9, 20)}${OFF}${KEY.slice(20)}b`,
      `a[secret]${RED}${OFF}b`,
    ],
    ['as grep colours a part of it', `\u001b[01;31m\u001b[Kmxk_\u001b[m\u001b[K${KEY.slice(4)}`, '\u001b[01;31m\u001b[K[secret]\u001b[m\u001b[K'],
    ['not where other sequences stand between', `${KEY.slice(0, 9)}\u001b[2J${KEY.slice(9)}`, `${KEY.slice(0, 9)}\u001b[2J${KEY.slice(9)}`],
  ])('shows the secret %s', (_where, text, shown) => {
    expect(masked([KEY], text)).toBe(shown);
    expect(masked([KEY], ...text)).toBe(shown);
  });

  it('knows no other form of it', () => {
    const others = [Buffer.from(KEY).toString('base64'), encodeURIComponent('a/b='), KEY.toUpperCase(), [...KEY].reverse().join('')].join('\n');
    expect(masked([KEY, 'a/b='], others)).toBe(others);
  });

  it('leaves the colours themselves alone, whatever the secret is', () => {
    for (const secret of ['31', '31m', '[31', 'm', '1', '\u001b[31m']) expect(masked([secret], `${RED}a\u001b[K`)).toBe(`${RED}a\u001b[K`);
    expect(masked(['31'], `${RED}31${OFF}3${RED}1m`)).toBe(`${RED}[secret]${OFF}[secret]${RED}m`);
    expect(masked(['m1'], `${RED}1m${RED}1`)).toBe(`${RED}1[secret]${RED}`);
  });

  it('takes the first of several, and of two that begin together the longer', () => {
    expect(masked(['abc', 'abcdef', 'cde'], 'abcdefabcdabxcde')).toBe('[secret][secret]dabx[secret]');
    expect(masked(['abc', 'abcdef'], 'abcde', 'f', 'abcde', 'x')).toBe('[secret][secret]dex');
    expect(masked(['bcd', 'abcdef'], 'abcd', 'e', 'abcd', 'ef')).toBe('a[secret]e[secret]');
  });

  it('masks nothing where there is no secret', () => {
    expect(masked([], 'any', `thing ${RED}`, '\u001b')).toBe(`anything ${RED}\u001b`);
    expect(masked([''], 'anything')).toBe('anything');
  });

  it('holds back what may be the beginning of a secret or of a colour, and nothing else', () => {
    expect(chunksOut([KEY], ['a line\n', 'user@host$ ', 'm', 'x', '!', `text ${RED}`, 'mxk_01', 'zz', '\u001b[3', '1mred'])).toEqual([
      'a line\n',
      'user@host$ ',
      '',
      '',
      'mx!',
      `text ${RED}`,
      '',
      'mxk_01zz',
      '',
      `${RED}red`,
      '',
    ]);
  });

  it('gives back a chunk in which nothing is found as it is', () => {
    const chunk = Buffer.from('nothing to hide\n');
    expect(createMask([KEY]).pass(chunk)).toEqual([chunk]);
    expect(createMask([KEY]).pass(chunk)[0]?.buffer).toBe(chunk.buffer);
  });

  it('gives out in the end what it held back', () => {
    expect(chunksOut([KEY], [`end ${KEY.slice(0, 30)}`, '\u001b[3'])).toEqual(['end ', '', `${KEY.slice(0, 30)}\u001b[3`]);
  });

  it('holds no more than 64 kB of colours', () => {
    const mask = createMask([KEY]);
    const colours = Buffer.from(RED.repeat(4_000));
    mask.pass(Buffer.from('mxk'));
    const out = Array.from({ length: 100 }, () => Buffer.concat(mask.pass(colours)).length);
    const held = 3 + 100 * colours.length - out.reduce((sum, length) => sum + length, 0);
    expect(held).toBeLessThanOrEqual(64 * 1024);
    expect(Buffer.concat(mask.end()).length).toBe(held);
  });

  it('lets every byte through', () => {
    const all = Buffer.from(Array.from({ length: 4096 }, (_none, index) => (index * 7 + (index >> 8)) & 0xff)).toString('latin1');
    expect(masked([KEY], ...cut(all, chance(1)))).toBe(all);
  });

  it('masks however the text is cut and coloured, and changes nothing else', () => {
    const secrets = [['abcab'], ['aab', 'aabb', 'babc'], ['abababab'], ['cabbage', 'abba'], ['1m', '31', 'Km1']];
    for (let seed = 1; seed <= 4_000; seed += 1) {
      const next = chance(seed);
      const some = secrets[next(secrets.length)] ?? [];
      const text = anyText(some, next);
      const out = masked(some, ...cut(text, next));
      expect({ seed, out }).toEqual({ seed, out: maskedAtOnce(some, text) });
      expect(some.filter((secret) => withoutColours(out).replaceAll('[secret]', '\n').includes(secret))).toEqual([]);
    }
  });
});
