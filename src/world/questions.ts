import type { CommonFlags } from '../cli/common-flags.ts';
import type { Prompt } from '../model/prompt.ts';
import { once } from './once.ts';
import type { Screen } from './screen.ts';
import type { Surroundings } from './surroundings.ts';

/** What the questions read from and write to. */
export interface Terminal {
  /** Opened when something is read or asked. */
  readonly stdin: () => NodeJS.ReadStream;
  readonly stderr: () => NodeJS.WriteStream;
}

/** Questions, asked only where both ends are a terminal; what asks them is loaded with the first one. */
export function promptIn(
  around: Pick<Surroundings, 'streams' | 'interrupted'>,
  screen: Pick<Screen, 'stderrIsTerminal' | 'manner' | 'colour' | 'progress'>,
  { stdin, stderr }: Terminal,
  { noInput }: Pick<CommonFlags, 'noInput'>,
): Prompt {
  const { stderrIsTerminal, manner, colour, progress } = screen;
  const stdinIsTerminal = around.streams.isTerminal(0);
  const load = once(async () => {
    const { createPrompt } = await import('../adapters/prompt.ts');
    return createPrompt({ stdin, stderr, manner: manner.questions, colour, interrupted: around.interrupted, hush: progress.hush });
  });
  return {
    canAsk: stdinIsTerminal && stderrIsTerminal && !noInput,
    stdinIsTerminal,
    text: async (question, signal) => (await load()).text(question, signal),
    hidden: async (question, signal) => (await load()).hidden(question, signal),
    confirm: async (question, signal) => (await load()).confirm(question, signal),
    choose: async (question, choices, signal) => (await load()).choose(question, choices, signal),
    search: async (question, choices, signal) => (await load()).search(question, choices, signal),
    chooseMany: async (question, choices, signal) => (await load()).chooseMany(question, choices, signal),
    readStdin: async (maxBytes, signal) => (await load()).readStdin(maxBytes, signal),
  };
}
