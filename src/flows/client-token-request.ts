import type { ClientTokenRequest } from '../model/client-token.ts';
import { parseSpan } from '../model/duration.ts';
import { Failure } from '../model/failure.ts';
import { Secret } from '../model/secret.ts';
import type { ClientTokenOperations, Provider } from '../providers/provider.ts';
import { isFields } from '../providers/read.ts';
import { plainText } from '../render/plain-text.ts';
import { objectOf, typedField } from './api/fields.ts';
import { type GivenDeps, givenTexts } from './api/given-text.ts';

/** What a person asked a new client token to be, as it was typed. */
export interface ClientTokenWishes {
  readonly public: readonly string[];
  readonly server: string | undefined;
  readonly ttl: string | undefined;
  readonly permission: readonly string[];
}

/** Far more than a context needs. */
const CONTEXT_MAX_BYTES = 256 * 1024;

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // The parser's own words quote the text.
    return undefined;
  }
}

/** The server context comes from a file or a pipe: on the command line everybody on the machine could read it. */
async function serverContext(place: string | undefined, deps: GivenDeps): Promise<Secret | null> {
  if (place === undefined) return null;
  if (place !== '-' && !place.startsWith('@')) {
    throw new Failure('usage', {
      detail: '--server takes a file (@file.json) or standard input (-), and no value: the command line can be read by others.',
      hint: 'Such as: keywright auth create-client-token --server @context.json',
    });
  }
  const text = await givenTexts(CONTEXT_MAX_BYTES, deps).read(place === '-' ? place : place.slice(1), '--server');
  if (isFields(parsed(text))) return new Secret(text);
  throw new Failure('usage', { detail: 'What --server reads is not a JSON object.', hint: 'Such as: {"customer":"c_1"}' });
}

function permissionsOf(asked: readonly string[], { permissions }: ClientTokenOperations, name: string): readonly string[] {
  const known = permissions.map(({ scope }) => scope);
  const unknown = asked.find((permission) => !known.includes(permission));
  if (unknown === undefined) return [...new Set(asked)];
  throw new Failure('usage', {
    detail: `Client tokens of ${name} have no permission "${plainText(unknown, 60)}".`,
    hint: known.length === 0 ? 'Leave --permission out.' : `Choose from: ${known.join(', ')}.`,
  });
}

/** Checks what is asked of a new client token before any request, and reads what is private in it. Whatever does not fit is `usage`. */
export async function checkedClientTokenRequest(
  wishes: ClientTokenWishes,
  { name }: Provider,
  operations: ClientTokenOperations,
  deps: GivenDeps,
): Promise<ClientTokenRequest> {
  const { usual, shortest, longest } = operations.lifetime;
  const ttlMs = wishes.ttl === undefined ? usual * 1000 : parseSpan(wishes.ttl, '--ttl', { shortestMs: shortest * 1000, longestMs: longest * 1000 });
  const permissions = permissionsOf(wishes.permission, operations, name);
  const fields = wishes.public.map((word) => typedField(word, '--public'));
  const publicMetadata = fields.length === 0 ? null : objectOf(fields);
  return { publicMetadata, serverContext: await serverContext(wishes.server, deps), ttlSeconds: ttlMs / 1000, permissions };
}
