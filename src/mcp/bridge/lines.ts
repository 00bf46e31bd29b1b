/** A line of the client's, or one that is longer than any message may be. */
export type Line = { readonly kind: 'line'; readonly text: string } | { readonly kind: 'too-long' };

const LINE_FEED = 10;

/**
 * The lines of a stream of UTF-8, without those that hold nothing. What comes after the last line feed is a line too.
 * A line of more than `maxBytes` is not kept: it is told of, and passed over up to its end.
 */
export async function* linesOf(input: AsyncIterable<Uint8Array>, maxBytes: number): AsyncGenerator<Line> {
  let parts: Uint8Array[] = [];
  let length = 0;
  const take = (piece: Uint8Array): void => {
    length += piece.byteLength;
    if (length <= maxBytes) parts.push(piece);
    else parts = [];
  };
  const finish = (): readonly Line[] => {
    const text = length > maxBytes ? undefined : Buffer.concat(parts).toString('utf8').trim();
    parts = [];
    length = 0;
    if (text === undefined) return [{ kind: 'too-long' }];
    return text === '' ? [] : [{ kind: 'line', text }];
  };
  for await (const chunk of input) {
    let rest = chunk;
    for (let end = rest.indexOf(LINE_FEED); end >= 0; end = rest.indexOf(LINE_FEED)) {
      take(rest.subarray(0, end));
      yield* finish();
      rest = rest.subarray(end + 1);
    }
    take(rest);
  }
  yield* finish();
}
