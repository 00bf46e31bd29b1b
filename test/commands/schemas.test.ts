import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/cli/command-table.ts';
import { checkPrintedJson, isObject, outputSchemas, printedJson, type Schema, validatorOf } from '../support/output-schema.ts';
import { sharedBackend } from '../support/shared-backend.ts';
import { newKey, signedIn } from '../support/signed-in.ts';
import { makeWorld, type World } from '../support/world.ts';
import { least } from '../unit/providers/definition-samples.ts';

const realm = sharedBackend();
const reminix = sharedBackend({}, 'reminix');
const schemas = outputSchemas();

/** What `run` and `mcp` print is of the program that they start, or of the protocol. */
const WITHOUT_JSON: readonly string[] = ['run', 'mcp'];

interface Property {
  /** File and names on the way, such as `auth-status.check.code`. */
  readonly place: string;
  readonly name: string;
  readonly schema: Schema;
}

const branches = (schema: Schema): readonly Schema[] =>
  [schema['anyOf'], schema['oneOf']].flatMap((list): readonly unknown[] => (Array.isArray(list) ? list : [])).filter(isObject);

/** All that a schema has a name for, at any depth. */
function propertiesOf(schema: Schema, at: string): readonly Property[] {
  const { properties, items } = schema;
  return [
    ...(isObject(properties)
      ? Object.entries(properties).flatMap(([name, inner]) =>
          isObject(inner) ? [{ place: `${at}.${name}`, name, schema: inner }, ...propertiesOf(inner, `${at}.${name}`)] : [],
        )
      : []),
    ...(isObject(items) ? propertiesOf(items, at) : []),
    ...branches(schema).flatMap((branch) => propertiesOf(branch, at)),
  ];
}

/** The objects that a schema speaks of, at any depth. */
function objectsOf(schema: unknown): readonly Schema[] {
  if (Array.isArray(schema)) return schema.flatMap(objectsOf);
  if (!isObject(schema)) return [];
  return [...('properties' in schema ? [schema] : []), ...Object.values(schema).flatMap(objectsOf)];
}

/** The places that a value shows. */
function shownBy(value: unknown, schema: Schema, at: string): readonly string[] {
  const { properties, items } = schema;
  const fitting = branches(schema).filter((branch) => validatorOf(branch)(value));
  return [
    ...(isObject(properties) && isObject(value)
      ? Object.entries(value).flatMap(([name, inner]) => {
          const named = properties[name];
          return isObject(named) ? [`${at}.${name}`, ...shownBy(inner, named, `${at}.${name}`)] : [];
        })
      : []),
    ...(isObject(items) && Array.isArray(value) ? value.flatMap((inner: unknown) => shownBy(inner, items, at)) : []),
    ...fitting.flatMap((branch) => shownBy(value, branch, at)),
  ];
}

const all = [...schemas].flatMap(([name, schema]) => propertiesOf(schema, name));

describe('the schemas of outputs', () => {
  it('are there for each command that prints JSON, and for nothing else', () => {
    const commands = COMMANDS.map(({ path }) => path.join('-')).filter((name) => !WITHOUT_JSON.includes(name));
    expect([...schemas.keys()].sort()).toEqual([...commands, 'error', 'store-status-line'].sort());
  });

  it('are made of one source', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, ['scripts/schema.mjs', '--print'], { maxBuffer: 10_000_000 });
    const files = readdirSync('schema').map((file): [string, unknown] => [file, JSON.parse(readFileSync(`schema/${file}`, 'utf8'))]);
    expect(JSON.parse(stdout)).toEqual(Object.fromEntries(files));
  });

  it('name no host but that of the draft', () => {
    for (const file of readdirSync('schema')) {
      const text = readFileSync(`schema/${file}`, 'utf8');
      expect([file, text.match(/"\$(?:schema|id)": "[^"]*"/g)]).toEqual([file, ['"$schema": "https://json-schema.org/draft/2020-12/schema"']]);
    }
  });

  it('allow nothing that they do not name', () => {
    const open = [...schemas].flatMap(([name, schema]) =>
      objectsOf(schema).flatMap((object) => (object['additionalProperties'] === false && Array.isArray(object['required']) ? [] : [name])),
    );
    expect(open).toEqual([]);
  });

  it('have names in snake_case, times in RFC 3339 and ids that are text', () => {
    expect(all.map(({ name }) => name).filter((name) => !/^[a-z][a-z0-9]*(?:_[a-z0-9]+)*$/.test(name))).toEqual([]);
    const types = (schema: Schema, key: string): readonly unknown[] => [schema, ...branches(schema)].map((each) => each[key]);
    const loose = all.filter(({ name, schema }) => name.endsWith('_at') && !types(schema, 'format').includes('date-time'));
    expect(loose.map(({ place }) => place)).toEqual([]);
    const ids = all.filter(({ name, schema }) => /(?:^|_)id$/.test(name) && !types(schema, 'type').includes('string'));
    expect(ids.map(({ place }) => place)).toEqual([]);
  });

  it.each<[string, readonly string[], string]>([
    ['a name that is not known', ['auth', 'token'], '{"provider":"memax","origin":"o","token":"t","extra":1}'],
    ['one that is missing', ['auth', 'token'], '{"provider":"memax","origin":"o"}'],
    ['a time that is none', ['auth', 'create-client-token'], '{"id":"c","token":"t","expires_at":"2026-02-30"}'],
    ['a time of another zone', ['auth', 'create-client-token'], '{"id":"c","token":"t","expires_at":"2026-02-03T04:05:06+01:00"}'],
    ['a word that is none of the few', ['providers', 'add', 'f'], '{"outcome":"kept"}'],
    ['a failure with a code that is none', ['whoami'], '{"error":{"code":"oops","message":"m","detail":"d","hint":null,"retry":false}}'],
    ['no JSON at all', ['whoami'], 'ada\n'],
  ])('find %s', (_title, words, stdout) => {
    expect(() => checkPrintedJson([...words, '--json'], { stdout, stderr: '' })).toThrow(/schema\/[a-z-]+\.json|no JSON was printed/);
  });

  it('find a line of a list that is no such element', () => {
    expect(() =>
      checkPrintedJson(['doctor', '--jsonl'], { stdout: '{"code":"clock","level":"ok","what":"w","fix":null}\n{"code":"clock"}\n', stderr: '' }),
    ).toThrow('schema/doctor.json');
    expect(() => checkPrintedJson(['store', 'status', '--jsonl'], { stdout: '{"about":"store"}\n', stderr: '' })).toThrow('schema/store-status-line.json');
  });
});

/** Runs command lines and notes what their JSON shows. */
function watch(seen: Set<string>): (world: World, ...words: string[]) => Promise<unknown> {
  return async (world, ...words) => {
    const form = words.includes('--jsonl') ? [] : ['--json'];
    const result = await world.run(...words, ...form);
    const values = printedJson([...words, ...form], result);
    for (const { name, schema, value } of values) for (const place of shownBy(value, schema, name)) seen.add(place);
    return values[0]?.value;
  };
}

const idOf = (value: unknown): string => (isObject(value) && typeof value['id'] === 'string' ? value['id'] : '');
const firstOf = (value: unknown): Schema => (Array.isArray(value) && isObject(value[0]) ? value[0] : {});

/** Names that stand under these are shown by the tests that are named, each of which holds its output to the schema as well. */
const SHOWN_ELSEWHERE: ReadonlyArray<readonly [place: RegExp, where: string]> = [
  [/^error\.error\.(?:results|explanation|accounts|findings|rotation)\./, 'the same values as in success'],
  [
    /^error\.error\.(?:accounts|explanation|rotation|results|summary|retry_after|failed|delivered|revoked|id|may_have_it|items)/,
    'auth/*.test.ts, login-two-steps.test.ts, api.test.ts',
  ],
  [/^auth-(?:create|rotate)-key\.error/, 'create-key-delivery.test.ts'],
  [/^auth-rotate-key\./, 'auth/rotate-key*.test.ts, auth/rotate-forget.test.ts'],
  [/^(?:setup|teardown)\./, 'setup.test.ts and e2e/setup.test.ts'],
  [/^auth-revoke-grant\.files\./, 'setup.test.ts'],
  [/^(?:auth-list-grants|auth-create-grant)\.wired\./, 'setup.test.ts'],
  [/^(?:auth-status|whoami)\.differs_from/, 'warnings.test.ts'],
  [/^(?:auth-status\.check|login\.identity|auth-status\.identity|whoami\.identity)\./, 'auth/status.test.ts, whoami.test.ts'],
  [/^use\.binding\./, 'use.test.ts'],
  [/^auth-(?:create|show|revoke)-client-token\./, 'auth/client-tokens.test.ts'],
  [/^auth-revoke-key\.why$/, 'auth/clean-up.test.ts'],
  [/^whoami\.token\./, 'session-tokens.test.ts'],
  [/^error\.error\.findings$/, 'doctor.test.ts'],
  [/^completion-/, 'integration/completion'],
  [/^backend-start\./, 'backend/start.test.ts, which reads it from a process that goes on'],
  [/^providers-remove\.left_accounts\./, 'providers/remove.test.ts'],
];

describe('every name in them', () => {
  it('is shown by some command', async () => {
    const seen = new Set<string>();
    const run = watch(seen);
    const world = await makeWorld({ realm: realm(), realms: [reminix()], env: { DBUS_SESSION_BUS_ADDRESS: 'disabled:' } });
    await run(world, 'login', 'memax');
    for (const words of [['whoami'], ['whoami', '--explain'], ['use', 'memax', '--account', 'default'], ['auth', 'status', '--check'], ['auth', 'token']])
      await run(world, ...words);
    const first = idOf(await run(world, 'auth', 'create-key', 'ci', '--expires', '1d'));
    await run(world, 'auth', 'create-key', 'other', '--to', 'exec:wc -c');
    await run(world, 'auth', 'list-keys');
    await run(world, 'auth', 'revoke-key', '--name', 'ci', '--dry-run');
    await run(world, 'auth', 'revoke-key', first);
    realm().faults.next('keys.revoke', { kind: 'status', status: 500 }, { times: 2 });
    await run(world, 'auth', 'revoke-key', 'key_1', 'key_2');
    await run(world, 'auth', 'create-grant', '--agent', 'codex', '--device', 'laptop');
    const grant = firstOf(await run(world, 'auth', 'list-grants'));
    await run(world, 'auth', 'revoke-grant', idOf(grant));
    for (const words of [
      ['api', 'get', '/v1/auth/me'],
      ['api', 'get', '/v1/nothing'],
      ['providers', 'list'],
      ['providers', 'show', 'reminix'],
      ['store', 'status'],
      ['store', 'status', '--jsonl'],
      ['store', 'migrate', '--to', 'file', '--dry-run'],
      ['doctor', '--offline'],
      ['completion', 'bash'],
      ['whoami', '--nothing'],
      ['login', 'memax', '--account', 'two', '--begin'],
    ])
      await run(world, ...words);
    const own = join(world.cwd, 'acme.json');
    await writeFile(own, JSON.stringify(least));
    await run(world, 'providers', 'add', own, '--yes');
    await run(world, 'providers', 'remove', least.id);
    await writeFile(own, JSON.stringify({ ...least, base_url: 1 }));
    await run(world, 'providers', 'add', own, '--yes');
    await world.run('logout', 'memax');
    await run(world, 'logout', '--all');

    const again = await signedIn({ realm: realm() });
    await run(again, 'logout');
    await run(again, 'auth', 'status');
    const bare = await makeWorld({ realm: realm(), env: { MEMAX_API_KEY: (await newKey(realm())).key, DBUS_SESSION_BUS_ADDRESS: 'disabled:' } });
    await run(bare, 'auth', 'status');

    const unknown = all.map(({ place }) => place).filter((place) => !seen.has(place) && !SHOWN_ELSEWHERE.some(([pattern]) => pattern.test(place)));
    expect([...new Set(unknown)]).toEqual([]);
  });
});
