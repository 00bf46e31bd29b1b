import type { ApiKey, KeyRequest } from '../model/api-key.ts';
import { DAY_MS } from '../model/duration.ts';
import { Secret } from '../model/secret.ts';
import type { Definition, Template } from './definition-schema.ts';
import type { FieldPath, KeyOperations, Paging } from './provider.ts';
import { type Reply, replyOf } from './read.ts';

type Keys = Definition['keys'];
type List = NonNullable<Keys['list']>;
type Create = NonNullable<Keys['create']>;

/** A list that has no pages may be long. */
const LIST_MAX_BYTES = 64 * 1024 * 1024;

/** The names of a dotted path; none for the empty one. */
export function pathOf(dotted: string): FieldPath {
  return dotted === '' ? [] : dotted.split('.');
}

/** The operations with keys that a definition describes. */
export function keyOperations({ dashboard, times, create, list, revoke }: Keys): KeyOperations {
  return {
    dashboard,
    create: create === null ? null : createOperation(create, times),
    list:
      list === null
        ? null
        : {
            call: { method: 'GET', path: list.path, ...(list.paging === null ? { maxBytes: LIST_MAX_BYTES } : {}) },
            paging: list.paging === null ? null : pagingOf({ ...list.paging, items: list.items }),
            lastUse: list.fields.last_used_at === null ? 'untold' : 'told',
            prefix: list.fields.prefix === null ? 'untold' : 'told',
            read: readerOfList(list, times),
          },
    revoke:
      revoke === null
        ? null
        : {
            call: (id) => ({ method: revoke.method, path: revoke.path.replace('{id}', () => encodeURIComponent(id)) }),
            read: (id) => ({ id, kind: 'revoked' }),
          },
  };
}

/** A rule of paging with the path of its items. */
export function pagingOf(paging: NonNullable<Definition['paging']>): Paging {
  const { largest, size } = paging;
  const items = pathOf(paging.items);
  return paging.kind === 'numbers'
    ? { kind: 'numbers', page: paging.page, size: paging.size, largest, totalPages: pathOf(paging.total_pages), items }
    : { kind: 'cursor', cursor: paging.cursor, size, largest, next: pathOf(paging.next), items };
}

function createOperation({ method, path, body, reply: fields, takes }: Create, times: Keys['times']): NonNullable<KeyOperations['create']> {
  const toApiKey = keyReader({ ...fields, last_used_at: null }, times);
  return {
    takes: {
      name: takes.name,
      longestName: takes.longest_name,
      scope: 'optional',
      scopes: takes.scopes,
      readOnly: takes.read_only,
      expiry: takes.expiry,
      agent: 'no',
      hubs: 'no',
      trust: null,
    },
    call: (request, now) => ({ method, path, body: filled(body, valuesOf(request, now)) ?? {} }),
    read: (answer, request) => {
      const reply = replyOf(answer, 'create a key');
      const key = toApiKey(reply);
      return { ...key, scopes: fields.scopes === null ? request.scopes : key.scopes, key: new Secret(reply.text(...pathOf(fields.key))) };
    },
  };
}

/** What stands for the words of a template; undefined where it is not given. */
function valuesOf({ name, scopes, expiresAt }: KeyRequest, now: number): ReadonlyMap<string, unknown> {
  return new Map<string, unknown>([
    ['{name}', name ?? undefined],
    ['{scopes}', scopes.length === 0 ? undefined : scopes],
    ['{expires_at}', expiresAt === null ? undefined : new Date(expiresAt).toISOString()],
    ['{expires_in_days}', expiresAt === null ? undefined : Math.ceil((expiresAt - now) / DAY_MS)],
    ['{expires_in_seconds}', expiresAt === null ? undefined : Math.ceil((expiresAt - now) / 1000)],
  ]);
}

/** A template with its values; undefined where it is a word without one, or an object or list in which nothing is left. */
function filled(template: Template, values: ReadonlyMap<string, unknown>): unknown {
  if (typeof template === 'string') return values.has(template) ? values.get(template) : template;
  if (typeof template !== 'object' || template === null) return template;
  const entries = Object.entries(template).map(([name, inside]) => [name, filled(inside, values)] as const);
  const given = entries.filter(([, value]) => value !== undefined);
  if (given.length === 0 && entries.length > 0) return undefined;
  return Array.isArray(template) ? given.map(([, value]) => value) : Object.fromEntries(given);
}

/** The paths of the fields, cut once and not for every key of a list. */
function keyReader(fields: List['fields'], times: Keys['times']): (key: Reply) => ApiKey {
  const pathTo = (field: string | null): FieldPath | null => (field === null ? null : pathOf(field));
  const id = pathOf(fields.id);
  const [name, prefix, scopes] = [pathTo(fields.name), pathTo(fields.prefix), pathTo(fields.scopes)];
  const [createdAt, expiresAt, lastUsedAt] = [pathTo(fields.created_at), pathTo(fields.expires_at), pathTo(fields.last_used_at)];
  return (key) => ({
    id: key.id(...id),
    name: name === null ? null : key.textOrNull(...name),
    prefix: prefix === null ? null : key.textOrNull(...prefix),
    scopes: scopes === null ? [] : scopesOf(key, scopes),
    agent: null,
    hubs: [],
    trust: null,
    createdAt: createdAt === null ? null : timeOf(key, createdAt, times),
    expiresAt: expiresAt === null ? null : timeOf(key, expiresAt, times),
    lastUsedAt: lastUsedAt === null ? null : timeOf(key, lastUsedAt, times),
  });
}

function readerOfList({ items, fields }: List, times: Keys['times']): (body: unknown) => readonly ApiKey[] {
  const path = pathOf(items);
  const toApiKey = keyReader(fields, times);
  return (body) =>
    replyOf(body, 'list the keys')
      .each(...path)
      .map(toApiKey);
}

function scopesOf(key: Reply, path: FieldPath): readonly string[] {
  const found = key.value(...path);
  return typeof found === 'string' ? found.split(/[\s,]+/).filter((scope) => scope !== '') : key.texts(...path);
}

/** Servers that count in numbers write 0 for "never" as well. What is no time is left to the reader of texts, which says so. */
function timeOf(key: Reply, path: FieldPath, times: Keys['times']): string | null {
  const found = key.value(...path);
  if (times === 'text' || typeof found !== 'number') return key.timeOrNull(...path);
  const time = new Date(times === 'seconds' ? found * 1000 : found);
  if (Number.isNaN(time.getTime()) || time.getUTCFullYear() > 9999) return key.timeOrNull(...path);
  return time.getTime() <= 0 ? null : time.toISOString();
}
