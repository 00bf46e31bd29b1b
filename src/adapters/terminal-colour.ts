import { type Env, variable } from '../model/env.ts';
import { NO_PAINT, type Paint } from '../model/paint.ts';

/** What says whether colour is wanted. */
export interface ColourWish {
  readonly env: Env;
  /** Whether `--no-color` was given. */
  readonly noColor: boolean;
  /** Whether the stream leads to a terminal. */
  readonly terminal: boolean;
}

/**
 * Whether a stream gets colour. The first of these that says something decides: `--no-color`; NO_COLOR, where it is not empty
 * (no-color.org); FORCE_COLOR, which as 0 or false forbids it; TERM=dumb; the terminal.
 */
export function wantsColour({ env, noColor, terminal }: ColourWish): boolean {
  if (noColor || variable(env, 'NO_COLOR') !== undefined) return false;
  const forced = variable(env, 'FORCE_COLOR');
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  return terminal && env['TERM'] !== 'dumb';
}

/** The colours of a stream. The library is loaded only where some are wanted. */
export async function loadPaint(wish: ColourWish): Promise<Paint> {
  if (!wantsColour(wish)) return NO_PAINT;
  const { Chalk } = await import('chalk');
  // What the terminal can do beyond the eight colours that all have is of no use here.
  const chalk = new Chalk({ level: 1 });
  return { bad: chalk.red.bold, wary: chalk.yellow, strong: chalk.bold };
}
