import { describe, expect, it } from 'vitest';
import { loadPaint, wantsColour } from '../../../src/adapters/terminal-colour.ts';
import { createOutput, mannerOf, writeFailure } from '../../../src/adapters/terminal.ts';

describe('colour', () => {
  it.each([
    ['a terminal', {}, false, true, true],
    ['a pipe', {}, false, false, false],
    ['TERM=dumb', { TERM: 'dumb' }, false, true, false],
    ['FORCE_COLOR in a pipe', { FORCE_COLOR: '1' }, false, false, true],
    ['FORCE_COLOR before TERM=dumb', { FORCE_COLOR: '1', TERM: 'dumb' }, false, true, true],
    ['FORCE_COLOR=0', { FORCE_COLOR: '0' }, false, true, false],
    ['an empty FORCE_COLOR', { FORCE_COLOR: '' }, false, true, true],
    ['NO_COLOR before FORCE_COLOR', { NO_COLOR: '1', FORCE_COLOR: '1' }, false, true, false],
    ['an empty NO_COLOR', { NO_COLOR: '' }, false, true, true],
    ['--no-color before FORCE_COLOR', { FORCE_COLOR: '1' }, true, true, false],
  ])('%s', (_what, env, noColor, terminal, wanted) => {
    expect(wantsColour({ env, noColor, terminal })).toBe(wanted);
  });

  it('is on the words that carry a meaning, and the text says it without them', async () => {
    const written: string[] = [];
    const world = { env: {}, stdoutIsTerminal: true, stderrIsTerminal: true, write: (_descriptor: 1 | 2, text: string) => void written.push(text) };
    const paint = await loadPaint({ env: {}, noColor: false, terminal: true });
    createOutput(world, { quiet: false, debug: false }, paint).warn('careful');
    writeFailure(world, 'error[usage]: What\n  hint: no hint\nhint: Do.\n', paint);
    expect(written).toEqual([
      '\u001B[33mwarning:\u001B[39m careful\n',
      '\u001B[31m\u001B[1merror[usage]:\u001B[22m\u001B[39m What\n  hint: no hint\n\u001B[1mhint:\u001B[22m Do.\n',
    ]);
  });
});

describe('how a terminal is read', () => {
  it.each([
    [{}, 'drawn', 'drawn'],
    [{ KEYWRIGHT_ACCESSIBLE: '1' }, 'plain', 'lines'],
    [{ KEYWRIGHT_ACCESSIBLE: '0' }, 'drawn', 'drawn'],
    [{ TERM: 'dumb' }, 'plain', 'lines'],
    [{ CI: 'true' }, 'drawn', 'lines'],
  ])('%j', (env, questions, progress) => {
    expect(mannerOf(env)).toEqual({ questions, progress });
  });
});
