import { type Env, variable } from '../model/env.ts';
import type { Output } from '../model/output.ts';
import { NO_PAINT, type Paint } from '../model/paint.ts';
import { type ProgressLine, UNSEEN } from './progress.ts';

/*
 * The manners of this room: results go to stdout, everything else to stderr. Colour carries no meaning of its own and
 * comes only where it is wanted. Writing is synchronous, so that nothing is cut off when the process ends and nothing
 * overtakes anything else.
 */

export interface TerminalWorld {
  readonly env: Env;
  readonly stdoutIsTerminal: boolean;
  readonly stderrIsTerminal: boolean;
  readonly write: (descriptor: 1 | 2, text: string) => void;
  /** Absent where nobody watches. */
  readonly progress?: ProgressLine;
  /** The columns of the terminal that stderr is. */
  readonly columns?: () => number | undefined;
}

/**
 * How a person reads the terminal that stderr is. `lines`: nothing on it may move or be overwritten, because a screen reader reads it
 * (KEYWRIGHT_ACCESSIBLE, any value but 0), because it cannot (TERM=dumb), or because it is only the log of a pipeline that looks like one (CI).
 */
export function mannerOf(env: Env): { readonly questions: 'drawn' | 'plain'; readonly progress: 'drawn' | 'lines' } {
  const accessible = variable(env, 'KEYWRIGHT_ACCESSIBLE') ?? '0';
  const plain = accessible !== '0' || env['TERM'] === 'dumb';
  return { questions: plain ? 'plain' : 'drawn', progress: plain || variable(env, 'CI') !== undefined ? 'lines' : 'drawn' };
}

/** What commands tell while they work; see `Output` for what `quiet` and `debug` mean. */
export function createOutput(world: TerminalWorld, flags: { readonly quiet: boolean; readonly debug: boolean }, paint: Paint = NO_PAINT): Output {
  const note = (line: string): void => {
    if (!flags.quiet) world.write(2, `${line}\n`);
  };
  return {
    note,
    must: (line) => world.write(2, `${line}\n`),
    warn: (line) => {
      if (!flags.quiet) world.write(2, `${paint.wary('warning:')} ${line}\n`);
    },
    debug: (line) => {
      if (flags.debug) world.write(2, `debug: ${line}\n`);
    },
    progress: (title, elsewhere) => {
      if (flags.quiet) return UNSEEN;
      const seen = world.stderrIsTerminal ? world.progress : undefined;
      const told = elsewhere === 'said' && (seen === undefined || mannerOf(world.env).progress === 'lines');
      if (told) note(title);
      return seen?.begin(title, told ? 'told' : 'untold') ?? UNSEEN;
    },
    stdoutIsTerminal: world.stdoutIsTerminal,
    columns: () => (world.stderrIsTerminal ? world.columns?.() : undefined),
  };
}

/** Writes a failure's text to stderr; its first word and the hint's are painted. */
export function writeFailure(world: TerminalWorld, text: string, paint: Paint): void {
  world.write(
    2,
    text.replace(/^error\[[a-z-]+\]:/, (word) => paint.bad(word)).replace(/^hint:/m, (word) => paint.strong(word)),
  );
}
