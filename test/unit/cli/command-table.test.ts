import { describe, expect, it } from 'vitest';
import { COMMANDS, lookUp } from '../../../src/cli/command-table.ts';
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
