import type { Access } from '../../src/api/access.ts';
import { fixedAuthority } from '../../src/api/authority.ts';
import type { HttpReply, HttpRequest } from '../../src/model/http.ts';
import { Failure } from '../../src/model/failure.ts';
import { Secret } from '../../src/model/secret.ts';
import { memax } from '../../src/providers/memax.ts';
import type { Provider } from '../../src/providers/provider.ts';

export interface PlayedAccess extends Access {
  /** What was sent, in order. */
  readonly sent: readonly HttpRequest[];
  /** The warnings that came with the replies. */
  readonly warned: readonly string[];
}

/** Access to a provider that answers as `answer` says. */
export function playedAccess(
  answer: (request: HttpRequest, index: number) => HttpReply | Promise<HttpReply>,
  provider: Provider = memax,
  key = 'a-key',
): PlayedAccess {
  const sent: HttpRequest[] = [];
  const warned: string[] = [];
  return {
    sent,
    warned,
    http: { send: async (request) => answer(request, sent.push(request) - 1), close: async () => undefined },
    target: { provider, baseUrl: 'https://api.test', origin: 'https://api.test', project: null },
    authority: fixedAuthority(new Secret(key), (words) => new Failure('session-ended', { detail: words })),
    heard: (text) => void warned.push(text),
  };
}

export const jsonReply = (body: unknown, status = 200): HttpReply => ({ status, headers: {}, body: JSON.stringify(body) });
