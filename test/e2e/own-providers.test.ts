import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { makeStandIn, type StandIn } from '../support/browser.ts';
import { type Ended, filesWith, type Home, keywright, leftBehind, makeHome, until, type Variables } from '../support/cli.ts';
import { type ForeignServer, startForeignServer } from '../support/foreign-server.ts';
import { type KeyServer, startKeyServer } from '../support/key-server.ts';
import { documentedCommands, documentedDefinitions, movedTo } from '../support/own-providers.ts';

let acme: ForeignServer;
let bolt: KeyServer;
let standIn: StandIn;
let texts: ReadonlyMap<string, string>;
const homes: Home[] = [];

beforeAll(async () => {
  acme = await startForeignServer();
  bolt = await startKeyServer();
  standIn = await makeStandIn();
  const addresses = {
    'https://api.acme.example': acme.api,
    'https://id.acme.example/tenants/acme': acme.issuer,
    'https://bolt.example/api': `${bolt.origin}/api`,
  };
  texts = new Map([...(await documentedDefinitions())].map(([id, text]) => [id, movedTo(text, addresses)]));
});

afterEach(() => {
  acme.asked.length = 0;
  acme.scopesAsked.length = 0;
  acme.tokensLive(3600);
});

afterAll(async () => {
  await acme.stop();
  await bolt.stop();
  await standIn.remove();
  const left = await leftBehind(
    homes.map((home) => home.dir),
    [],
  );
  await Promise.all(homes.map((home) => home.remove()));
  expect(left).toEqual([]);
});

/** A home with the files of the page in it. */
async function newHome(): Promise<{ readonly home: Home; readonly env: Variables; readonly fileOf: (id: string) => string }> {
  const home = await makeHome();
  homes.push(home);
  const fileOf = (id: string): string => path.join(home.dir, `${id}.json`);
  for (const [id, text] of texts) await writeFile(fileOf(id), text);
  return { home, env: { ...home.env, KEYWRIGHT_STORE: 'file', BROWSER: standIn.allow }, fileOf };
}

const count = (what: string): number => acme.asked.filter((each) => each === what).length;
const REFRESH = 'POST /tenants/acme/token refresh_token';
const REVOKE = 'POST /tenants/acme/token/revocation';

describe('a fifth provider, by a file alone', () => {
  it('is signed in to, refreshed, used for keys and signed out of, as if it were built in', async () => {
    const { home, env, fileOf } = await newHome();
    const added = await keywright(env, ['providers', 'add', fileOf('acme'), '--yes']);
    expect([added.code, added.stdout]).toEqual([0, 'Added acme. Sign in: keywright login acme\n']);
    expect(added.stderr).toContain(`  ${acme.api}  `);
    expect(added.stderr).toContain(`  ${acme.issuer}  `);
    expect(await keywright(env, ['whoami', 'acme'])).toMatchObject({ code: 4 });

    // Fresh enough for the server and about to expire for us.
    acme.tokensLive(30);
    const login = await keywright(env, ['login', 'acme']);
    expect([login.code, login.stdout]).toEqual([0, `Signed in to acme as seven@acme.example at ${acme.api}. The credential is in the encrypted file.\n`]);
    expect(acme.scopesAsked).toEqual(['jobs,credentials']);
    acme.tokensLive(3600);
    expect(count(REFRESH)).toBe(0);
    const whoami = await keywright(env, ['whoami', 'acme', '--json']);
    expect([whoami.code, whoami.stdout]).toEqual([0, expect.stringContaining('seven@acme.example')]);
    expect(count(REFRESH)).toBe(1);
    expect((await keywright(env, ['whoami'])).code).toBe(0);
    expect(count(REFRESH)).toBe(1);
    const status: ReadonlyArray<{ readonly scopes?: readonly string[] }> = JSON.parse((await keywright(env, ['auth', 'status', '--json'])).stdout);
    expect(JSON.stringify(status)).toContain('["jobs","credentials"]');

    const key = await keywright(env, ['auth', 'create-key', 'ci', '--scope', 'jobs:read', '--expires', '90d']);
    expect([key.code, key.stdout]).toEqual([0, expect.stringMatching(/^acme_[A-Za-z0-9_-]{32}\n$/)]);
    for (const name of ['two', 'three']) expect((await keywright(env, ['auth', 'create-key', name])).code).toBe(0);
    const listed: ReadonlyArray<Readonly<Record<string, unknown>>> = JSON.parse((await keywright(env, ['auth', 'list-keys', '--json'])).stdout);
    expect(listed.map(({ name }) => name)).toEqual(['ci', 'two', 'three']);
    expect(acme.asked).toContain('GET /v2/credentials?take=50&after=2');
    const [made] = listed;
    expect(made).toMatchObject({ scopes: ['jobs:read'], prefix: key.stdout.slice(0, 9) });
    expect(Object.values(made ?? {}).filter((value) => typeof value === 'string' && /^20[0-9]{2}-.*Z$/.test(value))).toHaveLength(2);

    const byVariable = await keywright({ ...(await newHomeWith('acme')).env, ACME_API_KEY: key.stdout.trim() }, ['whoami']);
    expect([byVariable.code, byVariable.stdout]).toEqual([0, expect.stringContaining('seven@acme.example')]);

    const id = String(made?.['id']);
    expect(await keywright(env, ['auth', 'revoke-key', id])).toMatchObject({ code: 0, stdout: `revoked ${id}\n` });
    expect(await keywright(env, ['auth', 'revoke-key', id])).toMatchObject({ code: 0, stdout: `already gone ${id}\n` });
    expect(await keywright(env, ['providers', 'remove', 'acme'])).toMatchObject({ code: 5, stderr: expect.stringContaining('keywright logout acme') });

    expect(count(REVOKE)).toBe(0);
    expect((await keywright(env, ['logout', 'acme'])).code).toBe(0);
    expect(count(REVOKE)).toBe(2);
    expect((await keywright(env, ['whoami', 'acme'])).code).toBe(4);
    expect((await keywright(env, ['providers', 'remove', 'acme'])).code).toBe(0);
    expect(await keywright(env, ['whoami', 'acme'])).toMatchObject({ code: 2, stderr: expect.stringContaining('No provider is called "acme"') });
    expect(await filesWith(home.dir, [key.stdout.trim()])).toEqual([]);
  });

  it('keeps its key variable from the processes that are started, whatever stands in its file', async () => {
    const { home, env } = await newHome();
    const folder = path.join(home.env['XDG_CONFIG_HOME'] ?? '', 'keywright/providers');
    await mkdir(folder, { recursive: true });
    await writeFile(path.join(folder, 'acme.json'), texts.get('acme') ?? '');
    await writeFile(path.join(folder, 'acme-eu.json'), 'not a definition');
    await writeFile(path.join(folder, 'notes.txt'), '');
    const told = path.join(home.dir, 'told');
    const planted = { ACME_API_KEY: 'planted-acme-key', ACME_EU_API_KEY: 'planted-acme-eu-key', NOTES_API_KEY: 'of something else' };
    const login = await keywright({ ...env, ...planted, BROWSER: standIn.tell(told) }, ['login', 'acme']);
    expect(login.code).toBe(0);
    const browser: { readonly env: Variables } = JSON.parse(await until('the browser to tell', () => readFile(told, 'utf8').catch(() => undefined)));
    expect(Object.keys(browser.env).filter((name) => name in planted)).toEqual(['NOTES_API_KEY']);
    expect(login.stderr).toContain('ACME_API_KEY is set');
  });
});

/** A home in which a definition was added. */
async function newHomeWith(id: string): ReturnType<typeof newHome> {
  const made = await newHome();
  await keywright(made.env, ['providers', 'add', made.fileOf(id), '--yes']);
  return made;
}

describe('docs/providers.md', () => {
  it('has examples that work from its first line to its last', async () => {
    const { home, env, fileOf } = await newHome();
    const ends: Array<readonly [line: string, ended: Ended]> = [];
    for (const line of await documentedCommands()) {
      const [words = '', from] = line.split(' < ');
      const parts = words
        .split(' ')
        .slice(1)
        .map((word) => word.replace(/^\.\/(\w+)\.json$/, (_whole, id: string) => fileOf(id)));
      const yes = parts[1] === 'add' ? ['--yes'] : [];
      ends.push([line, await keywright(env, [...parts, ...yes], from === undefined ? {} : { input: `${bolt.key}\n` })]);
    }
    expect(ends.filter(([, { code }]) => code !== 0).map(([line, { stderr }]) => `${line}: ${stderr}`)).toEqual([]);
    const said = (line: string): string => ends.find(([each]) => each === line)?.[1].stdout ?? '';
    expect(
      said('keywright providers list')
        .split('\n')
        .map((row) => row.split('\t')[0]),
    ).toEqual(['memax', 'minds', 'reminix', 'agntix', 'acme', '']);
    expect(said('keywright whoami bolt')).toContain('bolt-person');
    expect(said('keywright auth list-keys --provider bolt')).toContain('by hand');
    expect(ends).toHaveLength(14);
    expect(await filesWith(home.dir, [bolt.key])).toEqual([]);
  });
});
