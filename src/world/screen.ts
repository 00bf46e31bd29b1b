import { every } from '../adapters/clock.ts';
import { createProgressLine, type ProgressLine } from '../adapters/progress.ts';
import { createOutput, mannerOf, type TerminalWorld, writeFailure } from '../adapters/terminal.ts';
import { loadPaint, wantsColour } from '../adapters/terminal-colour.ts';
import type { Streams } from '../cli/streams.ts';
import type { Output } from '../model/output.ts';
import type { Paint } from '../model/paint.ts';
import type { Surroundings } from './surroundings.ts';

/** What a person sees of us. */
export interface Screen {
  readonly progress: ProgressLine;
  /** What the shell of commands writes to. */
  readonly streams: Streams;
  readonly manner: ReturnType<typeof mannerOf>;
  /** Whether stderr is read by a person who wants colours. */
  readonly colour: boolean;
  readonly stderrIsTerminal: boolean;
  /** Past a line of progress that may stand there. */
  readonly write: (descriptor: 1 | 2, text: string) => 'written' | 'closed';
  readonly output: (flags: { readonly quiet: boolean; readonly debug: boolean }) => Promise<Output>;
}

export interface ScreenWorld {
  /** The columns of an output that is a terminal. */
  readonly columns: (descriptor: 1 | 2) => number | undefined;
  readonly noColor: boolean;
}

export function createScreen({ env, clock, streams }: Pick<Surroundings, 'env' | 'clock' | 'streams'>, { columns, noColor }: ScreenWorld): Screen {
  const manner = mannerOf(env);
  const isTerminal = { 1: streams.isTerminal(1), 2: streams.isTerminal(2) } as const;
  // Asked when something is laid out: the person may have made the window narrower meanwhile.
  const columnsOf = (descriptor: 1 | 2) => (): number | undefined => (isTerminal[descriptor] ? columns(descriptor) || undefined : undefined);
  const paintOf = (descriptor: 1 | 2): Promise<Paint> => loadPaint({ env, noColor, terminal: isTerminal[descriptor] });
  const progress = createProgressLine({
    write: streams.write,
    now: () => clock.now(),
    every,
    columns: columnsOf(2),
    manner: manner.progress,
    onScreen: (descriptor) => isTerminal[descriptor],
  });
  const { write } = progress;
  const terminal: TerminalWorld = { env, stdoutIsTerminal: isTerminal[1], stderrIsTerminal: isTerminal[2], write, progress, columns: columnsOf(2) };
  return {
    progress,
    streams: {
      stdoutIsTerminal: isTerminal[1],
      stdout: (text) => write(1, text),
      stderr: (text) => write(2, text),
      failure: async (text) => writeFailure(terminal, text, await paintOf(2)),
      columns: columnsOf(1),
      paint: () => paintOf(1),
    },
    manner,
    colour: wantsColour({ env, noColor, terminal: isTerminal[2] }),
    stderrIsTerminal: isTerminal[2],
    write,
    output: async (flags) => createOutput(terminal, flags, await paintOf(2)),
  };
}
