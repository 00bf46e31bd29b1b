import type { HttpReply } from '../../model/deps.ts';
import { Failure, isFailure } from '../../model/failure.ts';
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
export async function readReply(sent: Exchange, head: ReplyHead, chunks: AsyncIterable<unknown>): Promise<HttpReply> {
  if (head.status < 200 || head.status > 599) {
    throw new Failure('unexpected-answer', { detail: `${sent.url.host} answered with the status ${head.status}, which does not exist.`, hint: 'Check the API URL.' });
  }
  const headers = joinHeaders(head.headers);
  const bodiless = sent.method === 'HEAD' || head.status === 204 || head.status === 304;
  if (!bodiless) refuseByHead(sent, headers);
  const body = await readBody(sent, chunks);
  return { status: head.status, headers, body };
}

/** One entry a name, in lower case; several values are joined by ", " (RFC 9110 section 5.3). */
function joinHeaders(pairs: ReplyHead['headers']): Readonly<Record<string, string>> {
  const joined = new Map<string, string>();
  for (const [name, value] of pairs) {
    const key = name.toLowerCase();
    const before = joined.get(key);
    joined.set(key, before === undefined ? value : `${before}, ${value}`);
  }
  return Object.fromEntries(joined);
}

function refuseByHead(sent: Exchange, headers: Readonly<Record<string, string>>): void {
  const encoding = (headers['content-encoding'] ?? '').split(',').map((each) => each.trim().toLowerCase());
  if (encoding.some((each) => each !== '' && each !== 'identity')) {
    // Nothing here unpacks: a small compressed body can become a huge one.
    throw new Failure('unexpected-answer', { detail: `${sent.url.host} sent a compressed reply although a plain one was asked for.`, hint: 'Check what lies between here and the provider, such as a proxy.' });
  }
  if (Number(headers['content-length'] ?? 0) > sent.maxBytes) throw tooLong(sent);
}

async function readBody(sent: Exchange, chunks: AsyncIterable<unknown>): Promise<string> {
  const parts: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of chunks) {
      if (!(chunk instanceof Uint8Array)) continue;
      length += chunk.byteLength;
      if (length > sent.maxBytes) throw tooLong(sent);
      parts.push(chunk);
    }
  } catch (error) {
    throw isFailure(error) ? error : brokenReply(error, sent.url.host);
  }
  // Lenient, and without a byte order mark, as fetch reads text.
  return new TextDecoder().decode(Buffer.concat(parts, length));
}

function tooLong(sent: Exchange): Failure {
  return new Failure('unexpected-answer', { detail: `The reply of ${sent.url.host} is longer than ${sent.maxBytes} bytes.`, hint: 'Check the API URL, or ask for a smaller page.' });
}
