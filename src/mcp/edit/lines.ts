/** Offsets of lines. A line ends with CRLF, LF or a lone CR; a break belongs to the line that it ends. */

const BREAK = /\r\n|\n|\r/;

/** Where the line begins that holds `offset`. */
export function lineStart(text: string, offset: number): number {
  return Math.max(text.lastIndexOf('\n', offset - 1), text.lastIndexOf('\r', offset - 1)) + 1;
}

/** The number of a line, from 1, as editors count. */
export function lineNumber(text: string, offset: number): number {
  return text.slice(0, offset).split(BREAK).length;
}

/** The blanks at the beginning of the line that holds `offset`, none of them after it. */
export function indentAt(text: string, offset: number): string {
  return /^[ \t]*/.exec(text.slice(lineStart(text, offset), offset))?.[0] ?? '';
}

/** Whether nothing but blanks stands before `offset` in its line. */
export function isFirstInLine(text: string, offset: number): boolean {
  return lineStart(text, offset) + indentAt(text, offset).length === offset;
}

/** How lines end around `offset`: as its own line does, else as the one before; LF where there is no other line. A lone CR is not imitated. */
export function breakNear(text: string, offset: number): '\r\n' | '\n' {
  const after = text.indexOf('\n', offset);
  const at = after === -1 ? text.lastIndexOf('\n') : after;
  return at > 0 && text[at - 1] === '\r' ? '\r\n' : '\n';
}
