import type { HttpReply, HttpRequest } from '../model/http.ts';
import { Failure, isFailure } from '../model/failure.ts';
import type { Paging } from '../providers/provider.ts';
import { plainText } from '../render/plain-text.ts';
import type { Access } from './access.ts';
import { refusal, sendAuthorized } from './call.ts';
import { type Mask, maskOf } from './mask.ts';
import { pagesOf } from './pages.ts';

/** What a person asks of the API in its own words. */
export interface RawRequest {
  readonly method: HttpRequest['method'];
  /** Path and query below the origin, as `checkedRawPath` gives them. */
  readonly path: string;
  readonly body: { readonly text: string; readonly type: string } | null;
}

/** The answer, whatever its status, without the credential where the server repeated it. */
export interface RawReply {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** What a status from 400 on stands for. */
  readonly failure: Failure | null;
}

/** Bytes of one reply. */
const MOST_BYTES = 64 * 1024 * 1024;

/** Headers that hold a credential by what they are. */
const SECRET_HEADERS: ReadonlySet<string> = new Set(['set-cookie', 'set-cookie2']);

/** The path is counted from the origin, which an address of the same origin may need. */
const fromOrigin = (access: Access): Access => ({ ...access, target: { ...access.target, baseUrl: access.target.origin } });

/** In the words of a failure; the query may hold anything. */
const inWords = (method: string, path: string): string => `call ${method} ${plainText(path.split('?')[0] ?? '', 120)}`;

function shownHeaders(headers: HttpReply['headers'], mask: Mask): RawReply['headers'] {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, SECRET_HEADERS.has(name) ? '[secret]' : mask.text(value)]));
}

/** Sends one request with the credential of `access`, and gives the answer whatever its status. */
export async function sendRaw(access: Access, { method, path, body }: RawRequest): Promise<RawReply> {
  const from = fromOrigin(access);
  const first = await access.authority.secret();
  const answered = await sendAuthorized(from, {
    method,
    path,
    headers: body === null ? {} : { 'content-type': body.type },
    ...(body === null ? {} : { body: body.text }),
    maxBytes: MOST_BYTES,
    onInterrupt: method === 'GET' || method === 'HEAD' ? 'cuts' : 'waits',
  });
  const { reply, secret } = answered;
  const mask = maskOf([first, secret]);
  return {
    status: reply.status,
    headers: shownHeaders(reply.headers, mask),
    body: mask.body(reply.body),
    failure: reply.status < 400 ? null : refusal(from, inWords(method, path), answered),
  };
}

/** The pages that came, and why no more did. */
export interface RawPages {
  readonly bodies: readonly unknown[];
  readonly failure: Failure | null;
}

/** The bodies of all pages of a list, in order. A failure on the way does not take away the pages that came before it. */
export async function sendRawPages(access: Access, path: string, paging: Paging): Promise<RawPages> {
  refuseOwnPaging(path, paging);
  const secrets = [await access.authority.secret()];
  const bodies: unknown[] = [];
  try {
    for await (const body of pagesOf(fromOrigin(access), inWords('GET', path), { method: 'GET', path, maxBytes: MOST_BYTES }, paging, 'all')) {
      secrets.push(await access.authority.secret());
      bodies.push(maskOf(secrets.slice(-2)).json(body));
    }
    return { bodies, failure: null };
  } catch (thrown) {
    if (!isFailure(thrown) || thrown.code === 'cancelled' || bodies.length === 0) throw thrown;
    return { bodies, failure: thrown };
  }
}

/** The parameters of paging are ours to count; said twice, a server may take either. */
function refuseOwnPaging(path: string, paging: Paging): void {
  const asked = new URLSearchParams(path.split('?')[1] ?? '');
  const own = [paging.kind === 'numbers' ? paging.page : paging.cursor, paging.size].find((name) => name !== null && asked.has(name));
  if (own === undefined || own === null) return;
  throw new Failure('usage', { detail: `--paginate counts "${own}" by itself.`, hint: 'Leave it out, or leave --paginate out.' });
}
