import { type Env, variable } from '../model/env.ts';
import type { Output } from '../model/output.ts';

/*
 * The manners of this room: results go to stdout, everything else to stderr. Colour carries no meaning of its own and
 * comes only where stderr is a terminal and NO_COLOR is not set. Writing is synchronous, so that nothing is cut off when
 * the process ends and nothing overtakes anything else.
 */

export interface TerminalWorld {
  readonly env: Env;
  readonly stdoutIsTerminal: boolean;
  readonly stderrIsTerminal: boolean;
  readonly write: (descriptor: 1 | 2, text: string) => void;
}

/** What commands tell while they work; see `Output` for what `quiet` and `debug` mean. */
export function createOutput(world: TerminalWorld, flags: { readonly quiet: boolean; readonly debug: boolean }): Output {
  return {
    note: (line) => {
      if (!flags.quiet) world.write(2, `${line}\n`);
    },
    must: (line) => world.write(2, `${line}\n`),
    warn: (line) => {
      if (!flags.quiet) world.write(2, `warning: ${line}\n`);
    },
    debug: (line) => {
      if (flags.debug) world.write(2, `debug: ${line}\n`);
    },
    stdoutIsTerminal: world.stdoutIsTerminal,
  };
}

/** Writes a failure's text to stderr; in a terminal its first word is red and the hint's is bold. */
export async function writeFailure(world: TerminalWorld, text: string): Promise<void> {
  if (!world.stderrIsTerminal || variable(world.env, 'NO_COLOR') !== undefined) return world.write(2, text);
  const { Chalk } = await import('chalk');
  const chalk = new Chalk({ level: 1 });
  world.write(
    2,
    text.replace(/^error\[[a-z-]+\]:/, (word) => chalk.red.bold(word)).replace(/^hint:/m, (word) => chalk.bold(word)),
  );
}
