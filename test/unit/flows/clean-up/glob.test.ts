import { describe, expect, it } from 'vitest';
import { globMatcher } from '../../../../src/flows/clean-up/glob.ts';

describe('a pattern', () => {
  it.each([
    ['ci-*', 'ci-', true],
    ['ci-*', 'ci-deploy', true],
    ['ci-*', 'xci-deploy', false],
    ['*', '', true],
    ['', '', true],
    ['', 'a', false],
    ['?', '', false],
    ['?', '\u{1f511}', true],
    ['??', '\u{1f511}', false],
    ['a?c', 'abc', true],
    ['a?c', 'ac', false],
    ['*b', 'abab', true],
    ['*b', 'aba', false],
    ['a*b*c', 'a-bb-b-c', true],
    ['a*b*c', 'a-c-b', false],
    ['**a**', 'bab', true],
    ['*aab', 'aaaab', true],
    ['*a?', 'aab', true],
    ['CI-*', 'ci-x', false],
    ['a.c', 'abc', false],
    ['[ab]', 'a', false],
    ['[ab]', '[ab]', true],
    ['a\\*', 'a\\x', true],
    ['a', 'a*', false],
  ])('%j on %j: %j', (pattern, text, expected) => {
    expect(globMatcher(pattern)(text)).toBe(expected);
  });

  it('agrees with a definition that is slow and plainly right, on all short patterns and texts', () => {
    const slow = (pattern: string, text: string): boolean => {
      if (pattern === '') return text === '';
      if (pattern.startsWith('*')) return slow(pattern.slice(1), text) || (text !== '' && slow(pattern, text.slice(1)));
      return text !== '' && (pattern.startsWith('?') || pattern[0] === text[0]) && slow(pattern.slice(1), text.slice(1));
    };
    const words = (letters: string, longest: number): readonly string[] =>
      longest === 0 ? [''] : ['', ...[...letters].flatMap((letter) => words(letters, longest - 1).map((word) => letter + word))];
    const disagreements: string[] = [];
    for (const pattern of new Set(words('ab*?', 4)))
      for (const text of new Set(words('ab', 5))) if (globMatcher(pattern)(text) !== slow(pattern, text)) disagreements.push(`${pattern} on ${text}`);
    expect(disagreements).toEqual([]);
  });

  it('takes no time that grows beyond both lengths, whatever it is', () => {
    // A search that goes back to every star would take longer than the universe is old.
    expect(globMatcher('*a'.repeat(200))('a'.repeat(2_000))).toBe(true);
    expect(globMatcher(`${'*a'.repeat(200)}b`)('a'.repeat(2_000))).toBe(false);
  });
});
