import { Failure } from '../model/failure.ts';
import { isLoopback } from '../model/loopback.ts';

/**
 * An address from a server or a definition, in the one form in which it may reach a browser or the screen: as `URL.href`,
 * with `https:` (`http:` to loopback), without user-info and without control characters. Anything else is `unexpected-answer`.
 * A browser that is handed `file:` or a quote is a way to run things on this machine.
 */
export function browserAddress(text: string, whose: string): string {
  const refuse = (why: string): Failure =>
    new Failure('unexpected-answer', { detail: `The ${whose} ${why}, so it was not opened.`, hint: 'Check the API address and the provider.' });
  const found = safeAddress(text);
  if (found.kind === 'unsafe') throw refuse(found.why);
  return found.href;
}

/** The same for an address that only this program talks to. What is no text is no address. */
export function safeAddress(text: unknown): { readonly kind: 'safe'; readonly href: string } | { readonly kind: 'unsafe'; readonly why: string } {
  if (typeof text !== 'string' || /[\p{Cc}\p{Cf}\s]/u.test(text) || !URL.canParse(text)) return { kind: 'unsafe', why: 'is not an address' };
  const url = new URL(text);
  const allowed = url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname));
  if (!allowed) return { kind: 'unsafe', why: 'is neither https nor on this machine' };
  if (url.username !== '' || url.password !== '') return { kind: 'unsafe', why: 'carries a user name' };
  return { kind: 'safe', href: url.href };
}
