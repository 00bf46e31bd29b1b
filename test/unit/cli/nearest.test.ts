import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../../src/cli/command-table.ts';
import { nearest } from '../../../src/cli/nearest.ts';

describe('the nearest command', () => {
  it('is the command itself for each of its words with a letter too few', () => {
    for (const { path } of COMMANDS) {
      const name = path.join(' ');
      expect(nearest(name.slice(0, -1))).toBe(`Did you mean: keywright ${name}`);
    }
  });

  it.each([
    ['list-keys', 'Did you mean: keywright auth list-keys'],
    ['create-key', 'Did you mean: keywright auth create-key'],
    ['auth creat key', 'Did you mean: keywright auth create-key'],
    ['entirely different', 'See: keywright --help'],
    ['', 'See: keywright --help'],
    ['x', 'See: keywright --help'],
  ])('for %j: %s', (words, hint) => {
    expect(nearest(words)).toBe(hint);
  });
});
