import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import process from 'node:process';
import { promisify } from 'node:util';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import type { KeyRequest } from '../../../src/model/api-key.ts';
import { type Failure, isFailure } from '../../../src/model/failure.ts';
import { isProviderId } from '../../../src/model/names.ts';
import { judge } from '../../../src/providers/definition-mistakes.ts';
import { envPrefixOf, reservedId } from '../../../src/providers/definition-names.ts';
import { parseDefinition, readDefinition } from '../../../src/providers/definition.ts';
import type { Provider } from '../../../src/providers/provider.ts';
import { PROVIDERS } from '../../../src/providers/registry.ts';
import { documentedDefinitions } from '../../support/own-providers.ts';
import { BROKEN, SOUND, UNRULY } from './definition-samples.ts';

const run = promisify(execFile);

function mistakesOf(text: string): readonly string[] {
  const read = parseDefinition(text);
  return read.kind === 'fits' ? [] : read.mistakes.map(({ path, message }) => `${path}: ${message}`);
}

function failureOf(work: () => unknown): Failure {
  try {
    work();
  } catch (thrown) {
    if (isFailure(thrown)) return thrown;
    throw thrown;
  }
  throw new Error('it did not fail');
}

function soundProvider(value: unknown): Provider {
  const read = parseDefinition(JSON.stringify(value));
  if (read.kind === 'fits') return read.provider;
  throw new Error(JSON.stringify(read.mistakes));
}

describe('the schema of definitions', async () => {
  const schema: object = JSON.parse(await readFile('schema/provider.json', 'utf8'));
  const validate = new Ajv2020({ allErrors: true }).compile(schema);
  const documented = [...(await documentedDefinitions())].map(([id, text]) => [`the ${id} of the page`, JSON.parse(text) as unknown] as const);

  it('is made of the one that reads the files', async () => {
    const { stdout } = await run(process.execPath, ['scripts/schema.mjs', '--print'], { maxBuffer: 10_000_000 });
    const printed: Readonly<Record<string, unknown>> = JSON.parse(stdout);
    expect(printed['provider.json']).toEqual(schema);
  });

  it.each([...SOUND, ...documented])('and the reader accept %s', (_title, sample) => {
    expect(validate(sample), JSON.stringify(validate.errors)).toBe(true);
    expect(mistakesOf(JSON.stringify(sample))).toEqual([]);
  });

  it.each(BROKEN)('and the reader reject %s', (_title, sample, path) => {
    const judged = judge(sample);
    expect(validate(sample)).toBe(false);
    expect(judged.kind === 'mistaken' ? judged.mistakes.map((mistake) => mistake.path) : []).toEqual([path]);
  });

  it.each(UNRULY)('accepts %s, and the reader does not', (_title, sample, path) => {
    expect(validate(sample)).toBe(true);
    const read = parseDefinition(JSON.stringify(sample));
    expect(read.kind === 'mistaken' ? read.mistakes.map((mistake) => mistake.path) : []).toEqual([path]);
  });

  it('and the reader agree on whatever stands in the place of a field', () => {
    const values: readonly unknown[] = [[], {}, null, 5, 1.5, -1, '', 'x', 'a b', true, ['x'], [{}], { kind: 'x' }, '{name}', '{other}'];
    const whole: unknown = JSON.parse(JSON.stringify(documented[0]?.[1]));
    let tried = 0;
    for (const path of pathsIn(whole)) {
      for (const change of [...values.map((value) => ({ value })), 'left out'] as const) {
        const changed = changedAt(whole, path, change);
        tried += 1;
        expect([path, change, judge(changed).kind]).toEqual([path, change, validate(changed) ? 'fits' : 'mistaken']);
      }
    }
    expect(tried).toBeGreaterThan(1000);
  });

  it('describes every field', () => {
    const silent: string[] = [];
    const look = (node: unknown, at: string): void => {
      if (typeof node !== 'object' || node === null) return;
      if ('properties' in node && typeof node.properties === 'object' && node.properties !== null) {
        for (const [name, field] of Object.entries(node.properties)) if (!('description' in field)) silent.push(`${at}.${name}`);
      }
      for (const [name, inside] of Object.entries(node)) look(inside, `${at}.${name}`);
    };
    look(schema, '');
    expect(silent).toEqual([]);
  });
});

/** The paths of everything inside of a value. */
function pathsIn(value: unknown): ReadonlyArray<readonly string[]> {
  if (typeof value !== 'object' || value === null) return [[]];
  return [[], ...Object.entries(value).flatMap(([name, inside]) => pathsIn(inside).map((path) => [name, ...path]))];
}

/** A copy with another value at a path, or without what is there. */
function changedAt(value: unknown, [name, ...rest]: readonly string[], change: { readonly value: unknown } | 'left out'): unknown {
  if (name === undefined) return change === 'left out' ? undefined : change.value;
  const entries = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  const changed = entries
    .filter(([each]) => each !== name || rest.length > 0 || change !== 'left out')
    .map(([each, inside]): [string, unknown] => [each, each === name ? changedAt(inside, rest, change) : inside]);
  return Array.isArray(value) ? changed.map(([, inside]) => inside) : Object.fromEntries(changed);
}

describe('reading a definition', () => {
  const acme = SOUND[0]?.[1];

  it('tells all mistakes at once, in one failure, each with its path, and repeats nothing of the file', () => {
    const text = JSON.stringify({ id: 'acme', base_url: 'SECRET-7f3a', key: { prefix: 5, alphabet: 'hex', length: 40 }, keys: { list: {} }, more: 1 });
    const paths = ['more', 'name', 'base_url', 'key.prefix', 'keys.list.path', 'keys.list.items', 'keys.list.fields'];
    const failure = failureOf(() => readDefinition(text, 'acme'));
    expect([failure.code, failure.data?.['mistakes']]).toEqual(['usage', expect.objectContaining({ length: paths.length })]);
    for (const path of paths) expect(failure.detail).toContain(`${path} `);
    expect(failure.detail).not.toContain('SECRET');
  });

  it('names a field that there is not without what a terminal would obey', () => {
    expect(mistakesOf(JSON.stringify({ ...(acme as object), '\u001b[31mred\u202e': 1 }))).toEqual(['?[31mred?: is no field of a definition']);
    expect(mistakesOf(JSON.stringify({ ...(acme as object), ['x'.repeat(5_000)]: 1 }))[0]?.length).toBeLessThan(140);
  });

  it('holds the id to the name of the file', () => {
    expect(readDefinition(JSON.stringify(acme), 'acme')).toMatchObject({ id: 'acme', origin: 'own', envPrefix: 'ACME' });
    expect(() => readDefinition(JSON.stringify(acme), 'other')).toThrow('id must be "other"');
  });

  it.each([
    ['{', /^: is not JSON/],
    ['{"id": "acme",\n "name" 5}', /^: is not JSON \(line 2, column 9\)$/],
    ['', /^: is not JSON$/],
    ['SECRET-7f3a', /^: is not JSON$/],
    [`"${'a'.repeat(10 * 1024 * 1024)}"`, /^: has more than 262144 characters$/],
    ['['.repeat(100_000) + ']'.repeat(100_000), /^: must not be a list$/],
    ['{"a":'.repeat(40_000) + '1' + '}'.repeat(40_000), /^: goes deeper than 16 levels$/],
    ['{"keys":{"create":{"body":{"a":' + '['.repeat(50_000) + ']'.repeat(50_000) + '}}}}', /^: goes deeper than 16 levels$/],
    ['{"__proto__": {"id": "acme"}}', /^__proto__: is not a name that a field can have$/],
  ])('survives %.40s', (text, message) => {
    const [first, ...others] = mistakesOf(text);
    expect([first, others]).toEqual([expect.stringMatching(message), []]);
  });

  it('leaves the prototype of objects alone', () => {
    const text = JSON.stringify(acme).replace(
      '"keys":{}',
      '"keys":{"create":{"path":"/k","body":{"name":"{name}","__proto__":{"polluted":1}},"reply":{"id":"id","key":"key"},"takes":{}}}',
    );
    expect(mistakesOf(text)).toEqual(['keys.create.body.__proto__: is not a name that a field can have']);
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });
});

const REQUEST: KeyRequest = { name: 'ci', scopes: [], agent: null, hubs: [], trust: null, expiresAt: null };

describe('a provider by definition', async () => {
  const acme = soundProvider(JSON.parse((await documentedDefinitions()).get('acme') ?? ''));

  it('asks for a key with what is given, and leaves out what is not', () => {
    const now = Date.parse('2026-01-01T00:00:00Z');
    expect(acme.keys.create?.call(REQUEST, now)).toEqual({ method: 'POST', path: '/v2/credentials', body: { label: 'ci', kind: 'key' } });
    expect(acme.keys.create?.call({ ...REQUEST, scopes: ['jobs:read'], expiresAt: now + 1500 }, now).body).toEqual({
      label: 'ci',
      grants: ['jobs:read'],
      life: { seconds: 2 },
      kind: 'key',
    });
  });

  it('writes the end of a key in the way that is asked for', () => {
    const body = { name: '{name}', days: ['{expires_in_days}', 'x'], at: '{expires_at}' };
    const create = { path: '/k', body, reply: { id: 'id', key: 'key' }, takes: { expiry: 'days' } };
    const provider = soundProvider({ ...(SOUND[0]?.[1] as object), keys: { create } });
    const now = Date.parse('2026-01-01T00:00:00Z');
    const expiresAt = Date.parse('2026-01-03T12:00:00Z');
    expect(provider.keys.create?.call({ ...REQUEST, expiresAt }, now).body).toEqual({ name: 'ci', days: [3, 'x'], at: '2026-01-03T12:00:00.000Z' });
    expect(provider.keys.create?.call(REQUEST, now).body).toEqual({ name: 'ci', days: ['x'] });
  });

  it('reads keys where the definition says, and names the field that does not fit', () => {
    const reply = { credential: { ref: 'r1', label: 'ci', value: 'acme_x', hint: 'acme_', grants: 'jobs:read,jobs:write', made: 1_767_225_600, ends: 0 } };
    expect(acme.keys.create?.read(reply, REQUEST)).toMatchObject({
      id: 'r1',
      name: 'ci',
      prefix: 'acme_',
      scopes: ['jobs:read', 'jobs:write'],
      createdAt: '2026-01-01T00:00:00.000Z',
      expiresAt: null,
    });
    expect(() => acme.keys.create?.read({ credential: { ref: 'r1' } }, REQUEST)).toThrow('"credential.value"');
    expect(() => acme.keys.list?.read({ results: [{ label: 'x' }] })).toThrow('"results.0.ref"');
    expect(() => acme.keys.list?.read({ results: [{ ref: 'r', made: 1e300 }] })).toThrow('"results.0.made"');
    expect(() => acme.keys.list?.read({})).toThrow('"results"');
  });

  it('revokes by an id that stays one segment', () => {
    expect(acme.keys.revoke?.call('a/../b$&')).toEqual({ method: 'POST', path: '/v2/credentials/a%2F..%2Fb%24%26/revoke' });
  });

  it('reads who somebody is, also by a number, and what went wrong', () => {
    expect(acme.identity?.read?.({ account: { number: 7, mail: 'a@b.example' } })).toEqual({ id: '7', label: 'a@b.example' });
    expect(acme.identity?.read?.({ account: { number: 'auth0|7' } })).toEqual({ id: 'auth0|7', label: 'auth0|7' });
    expect(acme.readError({ fault: { kind: 'k', text: 't', trace: 5 } })).toEqual({ code: 'k', message: 't', requestId: null });
    expect(acme.readError('no object')).toEqual({ code: null, message: null, requestId: null });
  });
});

describe('the id of an own provider', () => {
  it('gives variables that nobody else has', () => {
    expect(envPrefixOf('acme-eu')).toBe('ACME_EU');
    expect(['acme', 'acme-eu'].map((id) => reservedId(id, PROVIDERS))).toEqual([undefined, undefined]);
    for (const id of ['keywright', 'keywright-store', ...PROVIDERS.map((provider) => provider.id)]) {
      expect([id, isProviderId(id), reservedId(id, PROVIDERS)]).toEqual([id, true, expect.any(String)]);
    }
  });
});
