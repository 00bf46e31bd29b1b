import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../../src/cli/command-table.ts';
import { COMMON, kebab } from '../../../src/cli/common-flags.ts';
import { parse } from '../../../src/cli/parser.ts';
import { readQuickly } from '../../../src/cli/quick-reader.ts';
import { token } from '../../../src/commands/auth/token.ts';
import { revokeKey } from '../../../src/commands/auth/revoke-key.ts';
import { run } from '../../../src/commands/run.ts';
import type { Command } from '../../../src/commands/command.ts';

const commands = await Promise.all(COMMANDS.map(({ load }) => load()));

/** Words that could be taken for something else than they are. */
const ODD = [
  '',
  '-',
  '--',
  '-h',
  '-x',
  '-5',
  '--nothing',
  '--json=',
  '--json=1',
  '--js',
  '--no-json',
  '--account=',
  '--account=a=b',
  '__proto__',
  'constructor',
  '--constructor',
  '--__proto__',
];

/** A command, and words after it of which most are its own flags. */
const commandLine = fc.constantFrom(...commands).chain((command) => {
  const flags = Object.entries({ ...command.flags, ...COMMON }).map(([name, flag]) => ({
    long: `--${kebab(name)}`,
    short: flag.short,
    takes: flag.takes !== undefined,
  }));
  const flag = fc.constantFrom(...flags);
  const value = fc.oneof({ weight: 4, arbitrary: fc.constantFrom('a', 'memax', '7d', 'x=y', 'two words') }, fc.string(), fc.constantFrom(...ODD));
  const words = fc.oneof(
    { weight: 4, arbitrary: fc.tuple(flag, value).map(([{ long, takes }, given]) => (takes ? [long, given] : [long])) },
    { weight: 2, arbitrary: fc.tuple(flag, value).map(([{ long }, given]) => [`${long}=${given}`]) },
    { weight: 2, arbitrary: value.map((word) => [word]) },
    flag.map(({ long }) => [long]),
    flag.map(({ long, short }) => [short === undefined ? long.slice(0, -1) : `-${short}`]),
  );
  return fc.record({ command: fc.constant(command), words: fc.array(words, { maxLength: 5 }).map((each) => each.flat()) });
});

function bothRead(command: Command, words: readonly string[]): readonly [quick: unknown, slow: unknown] {
  const quick = readQuickly(command, words);
  if (quick === undefined) return [undefined, undefined];
  try {
    return [quick, parse(command, words)];
  } catch (thrown) {
    return [quick, thrown];
  }
}

describe('the quick reader', () => {
  it('reads whatever it reads as the parser does, for every command', () => {
    let read = 0;
    fc.assert(
      fc.property(commandLine, ({ command, words }) => {
        const [quick, slow] = bothRead(command, words);
        if (quick !== undefined) read += 1;
        expect(quick).toEqual(slow);
      }),
      { numRuns: 1_500 },
    );
    // Agreement on nothing would be worth nothing.
    expect(read).toBeGreaterThan(150);
  });

  it.each([
    [[], {}],
    [['--header'], { header: true }],
    [['--json', '--account', 'work', '--provider=memax'], { json: true, account: 'work', provider: 'memax' }],
  ])('reads %j by itself', (words, options) => {
    expect(readQuickly(token, words)?.invocation.options).toMatchObject(options);
  });

  it.each([
    [['--', 'node', '--json', '--', 'x'], { json: false }, ['node', '--json', '--', 'x']],
    [['--json', '--env', 'A', '--'], { json: true, env: 'A' }, []],
    [['--json'], { json: true }, []],
  ])('reads of %j what is its own, and hands the rest on', (words, options, after) => {
    expect(readQuickly(run, words)?.invocation).toMatchObject({ options, after });
  });

  it.each([
    ['a flag that there is none of', token, ['--nothing']],
    ['a value that is missing', token, ['--account']],
    ['a value that looks like a flag', token, ['--account', '--json']],
    ['an empty value', token, ['--account=']],
    ['a switch with a value', token, ['--json=1']],
    ['the same flag twice', token, ['--account', 'a', '--account', 'b']],
    ['an argument that there is no place for', token, ['memax']],
    ['two dashes', token, ['--', 'memax']],
    ['a short form', revokeKey, ['-x']],
    ['a value that is missing before two dashes', run, ['--env', '--', 'node']],
    ['a word before those that are handed on', run, ['node', '--', 'node']],
  ])('leaves %s to the parser', (_what, command, words) => {
    expect(readQuickly(command, words)).toBeUndefined();
  });
});
