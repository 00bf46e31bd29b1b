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
  if (/[\p{Cc}\p{Cf}\s]/u.test(text) || !URL.canParse(text)) throw refuse('is not an address');
  const url = new URL(text);
  const allowed = url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname));
  if (!allowed) throw refuse('is neither https nor on this machine');
  if (url.username !== '' || url.password !== '') throw refuse('carries a user name');
  return url.href;
}
