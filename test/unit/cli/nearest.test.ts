import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../../src/cli/command-table.ts';
import { nearest } from '../../../src/cli/nearest.ts';

const AS_HELP = 'keywright help';

describe('the nearest command', () => {
  it('is the command itself for each of its words with a letter too few', () => {
    for (const { path } of COMMANDS) {
      const name = path.join(' ');
      expect(nearest(name.slice(0, -1).split(' '))).toBe(`Did you mean: keywright ${name}`);
    }
  });

  it.each([
    ['list-keys', 'Did you mean: keywright auth list-keys'],
    ['create-key', 'Did you mean: keywright auth create-key'],
    ['auth creat key', 'Did you mean: keywright auth create-key'],
    ['create key ci', 'Did you mean: keywright auth create-key'],
    ['crate-key ci --scope read', 'Did you mean: keywright auth create-key'],
    ['ath list-keys', 'Did you mean: keywright auth list-keys'],
    ['rotate', 'Did you mean: keywright auth rotate-key'],
    ['auth rotate', 'Did you mean: keywright auth rotate-key'],
    ['status', 'Did you mean: keywright auth status, or: keywright store status'],
    ['exit-codes', 'Did you mean: keywright help exit-codes'],
    ['providers shw memax', 'Did you mean: keywright providers show'],
    ['entirely different', 'See: keywright --help'],
    ['auth', 'See: keywright --help'],
    [`list-key${'s'.repeat(1000)}`, 'See: keywright --help'],
    ['--provider list-keys', 'See: keywright --help'],
    ['', 'See: keywright --help'],
    ['x', 'See: keywright --help'],
  ])('for %j: %s', (words, hint) => {
    expect(nearest(words.split(' '))).toBe(hint);
  });
});

describe('the nearest help', () => {
  it.each([
    ['enviroment', 'Did you mean: keywright help environment'],
    ['exitcodes', 'Did you mean: keywright help exit-codes'],
    ['list-keys', 'Did you mean: keywright help auth list-keys'],
    ['auth rotate', 'Did you mean: keywright help auth rotate-key'],
    ['backnd', 'Did you mean: keywright help backend'],
    ['nonsense', 'See: keywright --help'],
  ])('for %j: %s', (words, hint) => {
    expect(nearest(words.split(' '), AS_HELP)).toBe(hint);
  });
});
