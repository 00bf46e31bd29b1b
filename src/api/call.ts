import type { Http, HttpReply, HttpRequest } from '../model/deps.ts';
import { Failure } from '../model/failure.ts';
import type { Secret } from '../model/secret.ts';
import type { Call } from '../providers/provider.ts';
import { plainText } from '../render/plain-text.ts';
import type { Authority } from './authority.ts';
import { serverWords, statusFailure } from './status.ts';
import type { Target } from './target.ts';

const UNAUTHORIZED = 401;

async function send(http: Http, target: Target, call: Call, secret: Secret, authority: Authority): Promise<HttpReply> {
  const request: HttpRequest = {
    method: call.method,
    url: target.baseUrl + call.path,
    headers: call.body === undefined ? {} : { 'content-type': 'application/json' },
    ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
    onInterrupt: call.method === 'GET' ? 'cuts' : 'waits',
    ...(call.maxBytes === undefined ? {} : { maxBytes: call.maxBytes }),
  };
  if (authority.sendWithProof !== null) return authority.sendWithProof(http, request);
  const [name, value] = target.provider.authHeader(secret.reveal());
  return http.send({ ...request, headers: { ...request.headers, [name]: value } });
}

function parsed(reply: HttpReply): { readonly kind: 'json'; readonly body: unknown } | { readonly kind: 'not-json' } {
  if (reply.body.trim() === '') return { kind: 'json', body: undefined };
  try {
    return { kind: 'json', body: JSON.parse(reply.body) as unknown };
  } catch {
    return { kind: 'not-json' };
  }
}

/**
 * Makes one call of a dialect with the given authority and gives the parsed body of its 2xx reply (undefined where it is empty).
 *
 * A 401 asks the authority once for another credential and tries again with it; a second 401 is final. Other statuses
 * become failures by `statusFailure`. `what` completes the sentence "Could not ...".
 */
export async function callProvider(http: Http, target: Target, authority: Authority, what: string, call: Call): Promise<unknown> {
  let secret = await authority.secret();
  let reply = await send(http, target, call, secret, authority);
  if (reply.status === UNAUTHORIZED) {
    const renewed = await authority.renew(secret);
    if (renewed !== null) {
      secret = renewed;
      reply = await send(http, target, call, secret, authority);
    }
  }
  const content = parsed(reply);
  if (reply.status === UNAUTHORIZED) throw authority.ended(content.kind === 'json' ? serverWords(target.provider, content.body, secret) : '');
  if (reply.status < 200 || reply.status > 299) {
    throw statusFailure(target.provider, what, reply, content.kind === 'json' ? serverWords(target.provider, content.body, secret) : '');
  }
  if (content.kind === 'not-json') {
    const type = plainText(reply.headers['content-type'] ?? 'of no stated type', 60);
    throw new Failure('unexpected-answer', {
      detail: `Could not ${what}: ${target.origin} answered ${reply.status} with something that is not JSON (${type}).`,
      hint: 'The address may lead to a web page or a sign-in portal instead of the API. Check the API address and the network.',
    });
  }
  return content.body;
}
