/**
 * JSON text with line ends and indents for people, its tokens as they are: a number keeps every digit, and a name that comes
 * twice stays twice, which reading and writing it again would lose. `text` must be JSON.
 */
export function indentedJson(text: string): string {
  const parts: string[] = [];
  let depth = 0;
  const newLine = (): void => void parts.push(`\n${'  '.repeat(depth)}`);
  let at = 0;
  while (at < text.length) {
    const character = text.charAt(at);
    const end = character === '"' ? stringEnd(text, at) : at + 1;
    const token = text.slice(at, end);
    if (token === '{' || token === '[') {
      const close = nextVisible(text, end);
      if (text.charAt(close) === (token === '{' ? '}' : ']')) {
        parts.push(token, text.charAt(close));
        at = close + 1;
        continue;
      }
      depth += 1;
      parts.push(token);
      newLine();
    } else if (token === '}' || token === ']') {
      depth -= 1;
      newLine();
      parts.push(token);
    } else if (token === ',') {
      parts.push(token);
      newLine();
    } else if (token === ':') parts.push(': ');
    else if (!isBlank(character)) parts.push(token);
    at = end;
  }
  return parts.join('');
}

const isBlank = (character: string): boolean => character === ' ' || character === '\n' || character === '\r' || character === '\t';

function nextVisible(text: string, from: number): number {
  let at = from;
  while (isBlank(text.charAt(at))) at += 1;
  return at;
}

/** Where a string that begins at `start` has ended: at a quotation mark that no backslash escapes. */
function stringEnd(text: string, start: number): number {
  let at = start + 1;
  for (;;) {
    const quote = text.indexOf('"', at);
    if (quote === -1) return text.length;
    let slashes = 0;
    while (text.charAt(quote - 1 - slashes) === '\\') slashes += 1;
    if (slashes % 2 === 0) return quote + 1;
    at = quote + 1;
  }
}
