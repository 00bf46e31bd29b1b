import { Failure } from '../model/failure.ts';
import type { Target } from './target.ts';

/** Rounds of percent-decoding after which a path must be what it is; more would be somebody's trick. */
const DECODINGS = 4;

function refused(why: string): Failure {
  // The text itself is not repeated: it may hold a password.
  return new Failure('refused', {
    detail: `Nothing was sent: ${why}.`,
    hint: 'Give a path below the API address, such as /v1/things, or a whole address of the same origin.',
  });
}

/** Byte by byte, as a server or a proxy may do it that thinks nothing of UTF-8. */
const decodedOnce = (text: string): string => text.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));

/**
 * Refuses what leads out of the place that the path names once somebody on the way decodes it: dot segments in any spelling, slashes
 * of the other kind, control characters, and bytes that no UTF-8 has (with which old decoders can be talked into a dot or a slash).
 */
function refuseTricks(path: string): void {
  if (/%(?![0-9A-Fa-f]{2})/.test(path)) throw refused('the path has a percent sign that encodes nothing');
  let text = path;
  for (let round = 0; ; round += 1) {
    if (text.split(/[/\\]/).some((segment) => /^\.{1,2}(;.*)?$/s.test(segment))) throw refused('the path has a segment that leads elsewhere, "." or ".."');
    // oxlint-disable-next-line no-control-regex -- they are what is looked for
    if (round > 0 && /[\\\0-\x1f\x7f]/.test(text)) throw refused('the path has an encoded backslash or control character');
    const next = decodedOnce(text);
    if (next === text) return;
    if (/%(?:[cC][01]|[fF][5-9A-Fa-f])/.test(text)) throw refused('the path has bytes that are no UTF-8');
    if (round === DECODINGS) throw refused('the path is encoded over and over');
    text = next;
  }
}

/** The part of an address after its authority, as it was written. */
function afterAuthority(text: string): { readonly authority: string; readonly rest: string } {
  const [, authority = '', rest = ''] = /^[^:]*:\/*([^/?#]*)(.*)$/s.exec(text) ?? [];
  return { authority, rest };
}

/**
 * The path and query, below the origin of `target`, of what a person typed: a path below its base address, or a whole address of
 * the very same origin. Whatever else it is, or could become on the way, is `refused` before anything is sent.
 */
export function checkedRawPath(text: string, target: Target): string {
  if (text === '') throw refused('the path is empty');
  if (/[\p{Cc}\s\\]/u.test(text)) throw refused('the path has a space, a backslash or a control character in it; a space is written %20');
  if (text.includes('#')) throw refused('the path has a fragment, which is never sent; # is written %23');
  const whole = /^[A-Za-z][A-Za-z0-9+.-]*:/.test(text);
  if (!whole && text.startsWith('//')) throw refused('a path that begins with two slashes is the name of another host');
  if (whole && !/^https?:\/\/[^/]/i.test(text)) throw refused('this is neither a path nor an address; a path with a colon begins with a slash');
  const { authority, rest } = whole ? afterAuthority(text) : { authority: '', rest: text };
  if (authority.includes('@')) throw refused('the address has a user name in it');
  refuseTricks(rest.split('?')[0] ?? '');
  const written = whole ? text : `${target.baseUrl}${text.startsWith('/') ? '' : '/'}${text}`;
  if (!URL.canParse(written)) throw refused('this is no address');
  const url = new URL(written);
  if (url.origin !== target.origin) throw refused(`the address is not one of ${target.origin}, and the credential is for no other origin`);
  return `${url.pathname}${url.search}`;
}
