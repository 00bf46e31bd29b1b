import { Failure } from '../model/failure.ts';
import { keyOperations, pagingOf, pathOf } from './definition-keys.ts';
import { judge, type Mistake } from './definition-mistakes.ts';
import { envPrefixOf } from './definition-names.ts';
import { ruleMistakes } from './definition-rules.ts';
import type { Definition } from './definition-schema.ts';
import type { IdentityRule, Provider, ProviderOAuth } from './provider.ts';
import { replyOf, textIn } from './read.ts';

/** Longest definition that is read, in characters. */
export const DEFINITION_MAX = 256 * 1024;

export type ReadDefinition = { readonly kind: 'fits'; readonly provider: Provider } | { readonly kind: 'mistaken'; readonly mistakes: readonly Mistake[] };

/** Reads a definition file that was stored under `id`. `usage` with every mistake in it, each with its path; they also stand under `data.mistakes`. */
export function readDefinition(text: string, id: string): Provider {
  const read = parseDefinition(text);
  if (read.kind === 'fits' && read.provider.id === id) return read.provider;
  throw mistakenDefinition(read.kind === 'fits' ? [{ path: 'id', message: `must be "${id}", as its file is called` }] : read.mistakes);
}

/** Reads a definition file, whatever it is called. */
export function parseDefinition(text: string): ReadDefinition {
  if (text.length > DEFINITION_MAX) return { kind: 'mistaken', mistakes: [{ path: '', message: `has more than ${DEFINITION_MAX} characters` }] };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (thrown) {
    // The parser's message quotes the text.
    return { kind: 'mistaken', mistakes: [{ path: '', message: `is not JSON${placeOf(thrown, text)}` }] };
  }
  const judged = judge(value);
  if (judged.kind === 'mistaken') return judged;
  const mistakes = ruleMistakes(judged.definition);
  return mistakes.length > 0 ? { kind: 'mistaken', mistakes } : { kind: 'fits', provider: toProvider(judged.definition) };
}

/** The failure for a definition with mistakes. */
export function mistakenDefinition(mistakes: readonly Mistake[]): Failure {
  const lines = mistakes.map(mistakeLine);
  return new Failure('usage', {
    detail: `The definition has ${lines.length === 1 ? 'a mistake' : `${lines.length} mistakes`}: ${lines.join('; ')}.`,
    hint: 'The fields are described in docs/providers.md and in the schema that editors use.',
    data: { mistakes },
  });
}

/** A mistake in one line. */
export function mistakeLine({ path, message }: Mistake): string {
  return path === '' ? `it ${message}` : `${path} ${message}`;
}

function placeOf(thrown: unknown, text: string): string {
  const position = thrown instanceof Error ? /at position ([0-9]+)/.exec(thrown.message)?.[1] : undefined;
  if (position === undefined) return '';
  const before = text.slice(0, Number(position)).split('\n');
  return ` (line ${before.length}, column ${(before.at(-1) ?? '').length + 1})`;
}

function toProvider(definition: Definition): Provider {
  const { id, name, base_url: baseUrl, key, header, errors, identity, oauth, paging } = definition;
  const errorText = (body: unknown, field: string | null): string | null => (field === null ? null : textIn(body, pathOf(field)));
  return {
    id,
    name,
    origin: 'own',
    baseUrl: baseUrl.replace(/\/$/, ''),
    envPrefix: envPrefixOf(id),
    credentials: [{ id: 'key', name: 'an API key', looks: key, header, project: 'not-needed' }],
    project: null,
    oauth: oauth === null ? null : oauthOf(oauth),
    identity: identity === null ? null : identityRule(identity),
    keys: keyOperations(definition.keys),
    clientTokens: null,
    paging: paging === null ? null : pagingOf(paging),
    mcp: null,
    warningHeader: null,
    statusHints: {},
    readError: (body) => ({ code: errorText(body, errors.code), message: errorText(body, errors.message), requestId: errorText(body, errors.request_id) }),
    assumed: {},
  };
}

function identityRule({ path, id: idField, label: labelField }: NonNullable<Definition['identity']>): IdentityRule {
  return {
    call: { method: 'GET', path },
    read: (body) => {
      const me = replyOf(body, 'who am I');
      const number = me.value(...pathOf(idField));
      const id = typeof number === 'number' ? me.id(...pathOf(idField)) : me.text(...pathOf(idField));
      return { id, label: (labelField === null ? null : me.textOrNull(...pathOf(labelField))) ?? id };
    },
    alsoProvedBy: [],
    unprovedBy: [],
  };
}

function oauthOf({ server, client, scopes, scope_separator: scopeSeparator }: NonNullable<Definition['oauth']>): ProviderOAuth {
  return {
    server:
      server.kind === 'issuer'
        ? server
        : {
            kind: 'endpoints',
            issuer: server.issuer ?? new URL(server.token).origin,
            authorizationEndpoint: server.authorization,
            tokenEndpoint: server.token,
            revocationEndpoint: server.revocation,
            deviceAuthorizationEndpoint: server.device_authorization,
          },
    client: client.kind === 'register' ? { kind: 'register', name: 'keywright' } : { kind: 'fixed', clientId: client.client_id, port: client.port },
    scopes,
    scopeSeparator,
  };
}
