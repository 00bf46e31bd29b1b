import { describe, expect, it } from 'vitest';
import { plainText } from '../../../src/render/plain-text.ts';

describe('plain text', () => {
  it.each([
    ['words', 'words'],
    ['  words  ', 'words'],
    ['gr\u00fc\u00dfe \u2603 \u{1f511}', 'gr\u00fc\u00dfe \u2603 \u{1f511}'],
    ['a\tb\r\nc', 'a b c'],
    ['\u001b[31mred\u001b[0m', 'red'],
    ['\u001b[38;2;1;2;3mred', 'red'],
    ['\u001b]0;title\u0007text', 'text'],
    ['\u001b]8;;https://evil.example\u001b\\link\u001b]8;;\u001b\\', 'link'],
    ['\u001b]unfinished', ''],
    ['\u001bctext', 'ctext'],
    ['\u001b', ''],
    ['\u009b31mred', '31mred'],
    ['a\u0000b\u0007c\u007fd', 'a b c d'],
    ['safe\u202egpj.exe', 'safegpj.exe'],
    ['in\u200bvis\u2060ible\ufeff', 'invisible'],
    ['a\u2028b\u2029c', 'a b c'],
    ['lone \ud800 half', 'lone  half'],
    ['private \ue000 use', 'private  use'],
    ['soft\u00adhyphen', 'softhyphen'],
  ])('makes of %j %j', (text, plain) => {
    expect(plainText(text)).toBe(plain);
  });

  it('holds no control character, whatever comes in', () => {
    const everything = Array.from({ length: 0x3000 }, (_, index) => String.fromCharCode(index)).join('');
    expect(plainText(everything, 1e6)).toMatch(/^[^\p{Cc}\p{Cf}\u2028\u2029]*$/u);
    expect(plainText(Array.from({ length: 256 }, (_, index) => `\u001b${String.fromCharCode(index)}x`).join(''), 1e6)).toMatch(/^\P{Cc}*$/u);
  });

  it('cuts what is too long, by characters', () => {
    expect(plainText('\u{1f511}'.repeat(10), 10)).toBe('\u{1f511}'.repeat(10));
    expect(plainText('\u{1f511}'.repeat(11), 10)).toBe(`${'\u{1f511}'.repeat(7)}...`);
    expect(plainText('x'.repeat(301))).toHaveLength(300);
  });

  it('is quick with a megabyte of escapes that never end', () => {
    expect(plainText('\u001b]'.repeat(500_000))).toBe('');
  });
});
