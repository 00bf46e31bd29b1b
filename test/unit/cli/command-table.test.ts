import { describe, expect, it } from 'vitest';
import { COMMANDS, lookUp } from '../../../src/cli/command-table.ts';
import { parse, parserOf } from '../../../src/cli/parser.ts';
import { api } from '../../../src/commands/api.ts';
import { GROUPS } from '../../../src/commands/command.ts';

describe('the table of commands', () => {
  it('agrees with what each command says of itself', async () => {
    for (const { path, load } of COMMANDS) {
      const command = await load();
      expect(command.path).toEqual(path);
      expect(GROUPS).toContain(command.group);
    }
  });

  it('has commands whose help is complete: a sentence, an example that begins with the command, no flag twice', async () => {
    for (const { path, load } of COMMANDS) {
      const command = await load();
      expect([path, command.summary]).toEqual([path, expect.stringMatching(/^[A-Z][^.]*$/)]);
      expect([path, command.examples.length > 0]).toEqual([path, true]);
      for (const [line] of command.examples) expect(line).toContain(`keywright ${path.join(' ')}`);
    }
  });
});

describe('a command line', () => {
  it.each([
    [['auth', 'token', '--json'], 'auth token', ['--json']],
    [['auth token', '--json'], 'auth token', ['--json']],
    [['completion', 'bash'], 'completion', ['bash']],
    [['completion', 'install', 'bash'], 'completion install', ['bash']],
    [['api', 'get', '/a b'], 'api', ['get', '/a b']],
  ])('%j means a command and what is left for it', (words, name, rest) => {
    const found = lookUp(words);
    expect(found).toMatchObject({ kind: 'command', rest });
    expect(found.kind === 'command' ? found.listing.path.join(' ') : '').toBe(name);
  });

  it.each([
    [['auth', 'nothing'], { kind: 'unknown', path: ['auth'], word: 'nothing' }],
    [['nothing', 'auth'], { kind: 'unknown', path: [], word: 'nothing' }],
    [['auth', '--json'], { kind: 'group', path: ['auth'] }],
    [[], { kind: 'group', path: [] }],
  ])('%j names none', (words, expected) => {
    expect(lookUp(words)).toEqual(expected);
  });
});

describe('short forms of flags', () => {
  it('are one letter each, never that of the help, and none twice in a command', async () => {
    const shorts: string[] = [];
    for (const { load } of COMMANDS) {
      const own = Object.values((await load()).flags).flatMap((flag) => flag.short ?? []);
      expect(own.filter((short) => !/^[A-Za-z]$/.test(short) || short === 'h')).toEqual([]);
      expect(own).toEqual([...new Set(own)]);
      shorts.push(...own);
    }
    expect(shorts).toContain('f');
  });

  it.each([
    [['-f', 'a=1'], ['a=1']],
    [
      ['-fa=1', '--field=b=2', '-f', 'c=-1'],
      ['a=1', 'b=2', 'c=-1'],
    ],
    [['-f', '--json'], ['--json']],
  ])('%j gives what the long form gives', (words, field) => {
    expect(parse(api, ['get', '/x', ...words]).invocation.options).toMatchObject({ field, fileField: [] });
  });

  it('stand before the long ones in the help', () => {
    expect(parserOf(api).helpInformation()).toMatch(/\n {2}-f, --field <key=value> /);
  });
});

describe('looking a command up', () => {
  it.each([
    [['whoami', 'memax'], 'command', ['memax']],
    [['auth', 'create-key', 'x', '--json'], 'command', ['x', '--json']],
    [[], 'group', undefined],
    [['auth'], 'group', undefined],
    [['auth', '--help'], 'group', undefined],
    [['--json', 'whoami'], 'group', undefined],
    [['nothing'], 'unknown', undefined],
    [['auth', 'nothing'], 'unknown', undefined],
    [['create-key'], 'unknown', undefined],
  ])('%j leads to a %s', (words, kind, rest) => {
    const found = lookUp(words);
    expect([found.kind, found.kind === 'command' ? found.rest : undefined]).toEqual([kind, rest]);
  });
});
