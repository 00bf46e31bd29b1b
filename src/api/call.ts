import type { HttpReply, HttpRequest } from '../model/http.ts';
import { Failure } from '../model/failure.ts';
import type { Secret } from '../model/secret.ts';
import { credentialHeaders, kindOf } from '../providers/credential-kind.ts';
import type { Call } from '../providers/provider.ts';
import { plainText } from '../render/plain-text.ts';
import type { Access } from './access.ts';
import { serverWords, statusFailure, withoutSecrets } from './status.ts';
import type { Target } from './target.ts';

const UNAUTHORIZED = 401;

/** A request of ours with where it goes; its credential is added at the last moment. */
export type Unsigned = Omit<HttpRequest, 'url'> & { readonly path: string };

/** Some credentials are for many projects: without one the server can only refuse, so nothing is sent. */
function checkProject({ provider, project }: Target, value: string): void {
  const kind = kindOf(provider, value);
  if (kind?.project !== 'required' || project !== null) return;
  throw new Failure('usage', {
    detail: `${provider.name} was not asked: ${kind.name} works for many projects, and no project was named.`,
    hint: `Name it: --project <id>, or set ${provider.envPrefix}_PROJECT, or bind this folder: keywright use ${provider.id} --here --project <id>`,
  });
}

async function send({ http, target, authority }: Access, { path, ...parts }: Unsigned, secret: Secret): Promise<HttpReply> {
  // The parts were just taken out, and are nobody else's. A copy for each of ten thousand requests would stay behind until a full collection.
  const request: HttpRequest = Object.assign(parts, { url: target.baseUrl + path });
  if (authority.sendWithProof !== null) return authority.sendWithProof(http, request);
  checkProject(target, secret.reveal());
  const lines = Object.fromEntries(credentialHeaders(target.provider, secret.reveal(), target.project));
  return http.send(Object.assign(request, { headers: { ...request.headers, ...lines } }));
}

/** A reply whatever its status, and the credential that it came for. */
export interface Answered {
  readonly reply: HttpReply;
  readonly secret: Secret;
}

/**
 * Sends one request with the given authority. A 401 asks the authority once for another credential and tries again with it;
 * what comes then is final. The server's warning, where it has a header for such, is passed on.
 */
export async function sendAuthorized(access: Access, request: Unsigned): Promise<Answered> {
  let secret = await access.authority.secret();
  let reply = await send(access, request, secret);
  if (reply.status === UNAUTHORIZED) {
    const renewed = await access.authority.renew(secret);
    if (renewed !== null) {
      secret = renewed;
      reply = await send(access, request, secret);
    }
  }
  const { warningHeader } = access.target.provider;
  const warning = warningHeader === null ? undefined : reply.headers[warningHeader];
  if (warning !== undefined) access.heard(withoutSecrets(warning, secret, access.target.provider));
  return { reply, secret };
}

/** A body as JSON; undefined where it is empty. */
function parsedBody(reply: HttpReply): { readonly kind: 'json'; readonly body: unknown } | { readonly kind: 'not-json' } {
  if (reply.body.trim() === '') return { kind: 'json', body: undefined };
  try {
    return { kind: 'json', body: JSON.parse(reply.body) as unknown };
  } catch {
    return { kind: 'not-json' };
  }
}

/** The failure that a status other than 2xx stands for, with the server's words. `what` completes the sentence "Could not ...". */
export function refusal({ target, authority }: Access, what: string, { reply, secret }: Answered): Failure {
  const content = parsedBody(reply);
  const words = content.kind === 'json' ? serverWords(target.provider, content.body, secret) : '';
  if (reply.status === UNAUTHORIZED) return authority.ended(words);
  const headers = Object.entries(reply.headers).map(([name, value]) => [name, withoutSecrets(value, secret, target.provider)]);
  return statusFailure(target.provider, what, { ...reply, headers: Object.fromEntries(headers) }, words);
}

/** Whether a reply has a status of 2xx. */
export function isGood({ reply }: Answered): boolean {
  return reply.status >= 200 && reply.status <= 299;
}

/** The parsed body of a 2xx reply; any other status is a failure, and so is a body that is not JSON. */
export function goodBody(access: Access, what: string, answered: Answered): unknown {
  const { reply } = answered;
  if (!isGood(answered)) throw refusal(access, what, answered);
  const content = parsedBody(reply);
  if (content.kind === 'json') return content.body;
  const type = plainText(withoutSecrets(reply.headers['content-type'] ?? 'of no stated type', answered.secret, access.target.provider), 60);
  throw new Failure('unexpected-answer', {
    detail: `Could not ${what}: ${access.target.origin} answered ${reply.status} with something that is not JSON (${type}).`,
    hint: 'The address may lead to a web page or a sign-in portal instead of the API. Check the API address and the network.',
  });
}

/** One call of a dialect as a request. What changes something is not cut off by Ctrl-C, since its reply may hold what exists once. */
export function requestOf(call: Call): Unsigned {
  return {
    method: call.method,
    path: call.path,
    headers: call.body === undefined ? {} : { 'content-type': 'application/json' },
    ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
    onInterrupt: call.method === 'GET' ? 'cuts' : 'waits',
    ...(call.maxBytes === undefined ? {} : { maxBytes: call.maxBytes }),
  };
}

/**
 * Makes one call of a dialect and gives the parsed body of its 2xx reply (undefined where it is empty).
 * Other statuses become failures by `statusFailure`. `what` completes the sentence "Could not ...".
 */
export async function callProvider(access: Access, what: string, call: Call): Promise<unknown> {
  return goodBody(access, what, await sendAuthorized(access, requestOf(call)));
}
