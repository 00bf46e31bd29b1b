import { Failure } from '../model/failure.ts';

/** A word: runs of plain characters, of what stands in quotes, and of what a backslash protects. */
const PART = /\\(.)|'([^']*)'|"((?:\\.|[^"\\])*)"|([^\s'"\\]+)/suy;

/**
 * A command line as words. Single quotes keep everything, double quotes all but a backslash before a quote or a backslash; nothing is
 * looked up, so that no variable and no pattern ever means anything.
 */
export function splitWords(line: string): readonly string[] {
  const words: string[] = [];
  let at = 0;
  while (at < line.length) {
    const space = /^\s+/u.exec(line.slice(at));
    if (space !== null) {
      at += space[0].length;
      continue;
    }
    let word = '';
    while (at < line.length && !/\s/u.test(line.charAt(at))) {
      PART.lastIndex = at;
      const part = PART.exec(line);
      if (part === null)
        throw new Failure('usage', { detail: 'A quote or a backslash in the command is not closed.', hint: 'Close it, or put a backslash before it.' });
      word += part[1] ?? part[2] ?? part[3]?.replace(/\\(["\\])/g, '$1') ?? part[4] ?? '';
      at = PART.lastIndex;
    }
    words.push(word);
  }
  return words;
}
