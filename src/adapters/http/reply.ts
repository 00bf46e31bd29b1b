import type { Readable } from 'node:stream';
import type { HttpReply } from '../../model/http.ts';
import { Failure } from '../../model/failure.ts';
import { brokenReply } from './broken.ts';
import type { Exchange } from './engine.ts';

/** The head of a reply: header names in any case, each value as it came. */
export interface ReplyHead {
  readonly status: number;
  readonly headers: ReadonlyArray<readonly [name: string, value: string]>;
}

/**
 * Reads a reply's body as UTF-8 while it comes and holds it to the rules: a status from 200 to 599 (RFC 9110 section 15), not compressed, at most `maxBytes`, whole.
 * Throws `unexpected-answer`, or `Broken` where it was cut off. The caller closes the connection when this throws.
 */
export async function readReply(sent: Exchange, head: ReplyHead, stream: Readable): Promise<HttpReply> {
  if (head.status < 200 || head.status > 599) {
    throw new Failure('unexpected-answer', {
      detail: `${sent.url.host} answered with the status ${head.status}, which does not exist.`,
      hint: 'Check the API URL.',
    });
  }
  const headers = joinHeaders(head.headers);
  const bodiless = sent.method === 'HEAD' || head.status === 204 || head.status === 304;
  if (!bodiless) {
    refusePacked(sent.url.host, headers);
    if (Number(headers['content-length'] ?? 0) > sent.maxBytes) throw tooLong(sent);
  }
  const body = await readBody(sent, stream);
  return { status: head.status, headers, body };
}

/** Node gives names and values in one flat list. */
export function pairsOf(raw: readonly string[]): ReplyHead['headers'] {
  const list: Array<readonly [string, string]> = [];
  for (let index = 0; index + 1 < raw.length; index += 2) list.push([raw[index] ?? '', raw[index + 1] ?? '']);
  return list;
}

/** One entry a name, in lower case; several values are joined by ", " (RFC 9110 section 5.3). */
export function joinHeaders(pairs: ReplyHead['headers']): Readonly<Record<string, string>> {
  const joined = new Map<string, string>();
  for (const [name, value] of pairs) {
    const key = name.toLowerCase();
    const before = joined.get(key);
    joined.set(key, before === undefined ? value : `${before}, ${value}`);
  }
  return Object.fromEntries(joined);
}

/** Nothing here unpacks: a small compressed body can become a huge one. */
export function refusePacked(host: string, headers: Readonly<Record<string, string>>): void {
  const encoding = (headers['content-encoding'] ?? '').split(',').map((each) => each.trim().toLowerCase());
  if (encoding.some((each) => each !== '' && each !== 'identity')) {
    throw new Failure('unexpected-answer', {
      detail: `${host} sent a compressed reply although a plain one was asked for.`,
      hint: 'Check what lies between here and the provider, such as a proxy.',
    });
  }
}

/** Events, not an async iterator: that alone costs a fresh process a millisecond or two. */
async function readBody(sent: Exchange, stream: Readable): Promise<string> {
  const parts: Uint8Array[] = [];
  let length = 0;
  let whole = false;
  return await new Promise<string>((resolve, reject) => {
    const cutOff = (error: unknown): void => reject(brokenReply(error, sent.url.host));
    stream.on('data', (chunk: Uint8Array) => {
      length += chunk.byteLength;
      if (length > sent.maxBytes) {
        stream.pause();
        reject(tooLong(sent));
        return;
      }
      parts.push(chunk);
    });
    stream.once('end', () => {
      whole = true;
      const text = Buffer.concat(parts, length).toString('utf8');
      // Lenient, and without a byte order mark, as fetch reads text.
      resolve(text.startsWith('\ufeff') ? text.slice(1) : text);
    });
    stream.once('error', cutOff);
    stream.once('close', () => {
      if (!whole) cutOff(undefined);
    });
  });
}

function tooLong(sent: Exchange): Failure {
  return new Failure('unexpected-answer', {
    detail: `The reply of ${sent.url.host} is longer than ${sent.maxBytes} bytes.`,
    hint: 'Check the API URL, or ask for a smaller page.',
  });
}
