import { Writable } from 'node:stream';

/** Select Graphic Rendition (ECMA-48 section 8.3.117): colours and bold. The cursor is moved by other sequences. */
// oxlint-disable-next-line no-control-regex -- they are what is looked for
const COLOURS = /\u001B\[[0-9;]*m/g;

/** `stream` for a library that colours whatever it writes. Every piece that comes is whole, so that no sequence is cut in two. */
export function withoutColour(stream: NodeJS.WriteStream): NodeJS.WritableStream {
  const plain = new Writable({
    decodeStrings: false,
    write: (chunk: string | Uint8Array, _encoding, done) => {
      stream.write((typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8')).replace(COLOURS, ''));
      done();
    },
  });
  return Object.defineProperties(plain, { columns: { get: () => stream.columns }, rows: { get: () => stream.rows }, isTTY: { value: true } });
}
