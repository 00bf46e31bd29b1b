/** What can stand between two values of JSON with comments. */
interface Piece {
  readonly kind: 'blank' | 'break' | 'comment' | 'comma';
  readonly from: number;
  readonly to: number;
  /** A comment that goes over several lines, or ends only with the line. */
  readonly breaks: boolean;
}

const PIECE = /(?<blank>[ \t]+)|(?<break>\r\n|\n|\r)|(?<comment>\/\/[^\r\n]*|\/\*[^]*?\*\/)|(?<comma>,)/y;

/** The pieces from `offset` on, up to what is none. */
function* piecesFrom(text: string, offset: number): Generator<Piece> {
  const pattern = new RegExp(PIECE);
  for (pattern.lastIndex = offset; ;) {
    const from = pattern.lastIndex;
    const found = pattern.exec(text);
    if (found === null) return;
    const [piece] = found;
    const kind = found.groups?.['blank'] !== undefined ? 'blank' : found.groups?.['break'] !== undefined ? 'break' : piece === ',' ? 'comma' : 'comment';
    yield { kind, from, to: from + piece.length, breaks: /[\r\n]/.test(piece) };
  }
}

/** Where the next line begins, if nothing but blanks and whole comments stands in this one from `offset` on; else undefined. */
export function nextLine(text: string, offset: number): number | undefined {
  for (const piece of piecesFrom(text, offset)) {
    if (piece.kind === 'break') return piece.to;
    if (piece.kind === 'comma' || piece.breaks) return undefined;
  }
  return undefined;
}

/** Where the comma behind a value stands that ends at `offset`; `sameLine` is false where a line ends before it. Undefined where there is none. */
export function commaAfter(text: string, offset: number): { readonly at: number; readonly sameLine: boolean } | undefined {
  let sameLine = true;
  for (const piece of piecesFrom(text, offset)) {
    if (piece.kind === 'comma') return { at: piece.from, sameLine };
    if (piece.breaks) sameLine = false;
  }
  return undefined;
}
