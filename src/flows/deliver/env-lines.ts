/*
 * Files of variables, as sh and dotenv read them, changed in one place and kept to the byte everywhere else: line ends, a byte order
 * mark, comments, `export`, spaces and the order of lines.
 */

/** Where a variable is set: its value with quotes, and its lines with the line end. */
interface Assignment {
  readonly value: { readonly start: number; readonly end: number };
  readonly line: { readonly start: number; readonly end: number };
}

/** What stands before a value. Names as dotenv allows them, so that no other's value is taken for lines. */
const HEAD = /[ \t]*(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_.-]*)[ \t]*=/y;

const BYTE_ORDER_MARK = '\uFEFF';

function lineEnd(text: string, from: number): number {
  const at = text.indexOf('\n', from);
  return at === -1 ? text.length : at + 1;
}

/** Behind the quote that closes the one at `start`, lines further down if need be; undefined where none does. */
function closed(text: string, start: number): number | undefined {
  const quote = text.charAt(start);
  for (let at = start + 1; at < text.length; at += 1) {
    if (quote === '"' && text.charAt(at) === '\\') at += 1;
    else if (text.charAt(at) === quote) return at + 1;
  }
  return undefined;
}

/** The value that follows an equals sign: in quotes, or up to the end of the line or a comment. */
function valueAt(text: string, equals: number): Assignment['value'] {
  const [blank = ''] = /^[ \t]*/.exec(text.slice(equals)) ?? [];
  const start = equals + blank.length;
  const close = /["'`]/.test(text.charAt(start)) ? closed(text, start) : undefined;
  if (close !== undefined) {
    // What sticks to the quote belongs to the value in a shell.
    const [rest = ''] = /^[^\s]*/.exec(text.slice(close)) ?? [];
    return { start, end: close + rest.length };
  }
  const line = text.slice(start, lineEnd(text, start));
  if (blank !== '' && line.startsWith('#')) return { start: equals, end: equals };
  return { start, end: start + line.replace(/[ \t]+#.*/su, '').trimEnd().length };
}

function assignments(text: string, name: string): readonly Assignment[] {
  const found: Assignment[] = [];
  let at = text.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length : 0;
  while (at < text.length) {
    HEAD.lastIndex = at;
    const head = HEAD.exec(text);
    const value = head === null ? { start: at, end: at } : valueAt(text, HEAD.lastIndex);
    const end = lineEnd(text, value.end);
    if (head?.[1] === name) found.push({ value, line: { start: at, end } });
    at = end;
  }
  return found;
}

/** How a variable is set: its value with the quotes that it has; `nothing` where it is not, `twice` where nobody can say which one counts. */
export function valueIn(text: string, name: string): { readonly kind: 'once'; readonly value: string } | { readonly kind: 'nothing' | 'twice' } {
  const [first, second] = assignments(text, name);
  if (first === undefined) return { kind: 'nothing' };
  return second === undefined ? { kind: 'once', value: text.slice(first.value.start, first.value.end) } : { kind: 'twice' };
}

/** The text with a variable set to `value`, which has its quotes already: in its line, or in a new one at the end. */
export function withValue(text: string, name: string, value: string): string {
  const [found] = assignments(text, name);
  if (found !== undefined) return text.slice(0, found.value.start) + value + text.slice(found.value.end);
  const end = text.includes('\r\n') ? '\r\n' : '\n';
  const fresh = text === '' || text === BYTE_ORDER_MARK || text.endsWith('\n');
  return `${text}${fresh ? '' : end}${name}=${value}${end}`;
}

/** The text without the line that sets a variable. */
export function withoutLine(text: string, name: string): string {
  const [found] = assignments(text, name);
  return found === undefined ? text : text.slice(0, found.line.start) + text.slice(found.line.end);
}
