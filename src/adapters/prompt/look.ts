import { columnsOf } from '../../model/width.ts';
import { wrapped } from '../../model/wrap.ts';

/** What one question needs of the world. */
export interface Asking {
  readonly input: NodeJS.ReadStream;
  readonly output: NodeJS.WritableStream;
  readonly signal: AbortSignal;
  readonly columns: number;
}

/** Signs that every terminal and every font has, and words before colour: what is chosen is told by its mark. */
const MARKS = { cursor: '>', checked: '[x]', unchecked: '[ ]' };

const PREFIX = { idle: '?', done: 'ok' };

/** Of the sign before a question and the space after it. */
const PREFIX_COLUMNS = 3;

/** The keys of a question in words, as one sentence. */
function keysLine(keys: ReadonlyArray<readonly [key: string, action: string]>, columns: number): string {
  return wrapped(keys.map(([key, action]) => `${WORDS[key] ?? key}: ${action}`).join(', '), columns).join('\n');
}

const WORDS: Readonly<Record<string, string>> = { '\u2191\u2193': 'up/down', '\u23ce': 'enter' };

/** How questions look: no line is longer than the terminal is wide, and none is broken within a word. */
export function lookOf({ columns }: Asking) {
  return {
    prefix: PREFIX,
    icon: MARKS,
    style: {
      message: (text: string) => wrapped(text, columns - PREFIX_COLUMNS).join('\n  '),
      description: (text: string) => wrapped(text, columns - 1).join('\n'),
      keysHelpTip: (keys: ReadonlyArray<readonly [key: string, action: string]>) => keysLine(keys, columns - 1),
    },
  };
}

/**
 * The library's word for where a question is asked. At the end of input (Ctrl-D) it closes its reader and goes on waiting for ever: then the
 * question is over. A terminal that comes back from Ctrl-Z is paused as well, but stays in raw mode, and has to be read on.
 */
export function contextOf({ input, output, signal }: Asking) {
  const ended = new AbortController();
  const look = (): void => {
    if (input.isRaw) input.resume();
    else {
      input.off('pause', paused);
      ended.abort();
    }
  };
  // What pauses it sets its mode only after that.
  const paused = (): void => queueMicrotask(look);
  input.on('pause', paused);
  return { input, output, signal: AbortSignal.any([signal, ended.signal]) };
}

interface Offered {
  readonly name: string;
  readonly about?: string;
}

/** Of the sign before a choice: the cursor, and the box where there are several. */
const MARK_COLUMNS = 6;

/** What a list shows of each choice: its meaning beside it where all of them fit, else below the list for the one that the cursor is at. */
export function rowsOf<Row extends Offered>(choices: readonly Row[], { columns }: Asking) {
  const widest = choices.reduce((most, { name }) => Math.max(most, columnsOf(name)), 0);
  const beside = choices.every(({ about }) => widest + 2 + columnsOf(about ?? '') + MARK_COLUMNS < columns);
  return choices.map((choice) => {
    const { name, about } = choice;
    if (about === undefined) return { choice, name, short: name };
    return beside
      ? { choice, name: `${name}${' '.repeat(widest - columnsOf(name))}  ${about}`, short: name }
      : { choice, name, short: name, description: about };
  });
}
