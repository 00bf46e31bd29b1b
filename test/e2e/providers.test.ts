import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type LocalBackend, type LocalRealm, REALM_IDS, startBackend } from '../../src/backend/start.ts';
import { ask, textAt } from '../integration/backend/running.ts';
import { makeStandIn, type StandIn } from '../support/browser.ts';
import { type Ended, filesWith, type Home, keywright, leadingTo, leftBehind, makeHome, type Variables } from '../support/cli.ts';
import { KEYRING_PROGRAMS, type PrivateKeyring, startKeyring } from '../support/keyring.ts';
import { describeWith } from '../support/requires.ts';

let backend: LocalBackend;
let standIn: StandIn;
const homes: Home[] = [];
const keyrings: PrivateKeyring[] = [];

beforeAll(async () => {
  backend = await startBackend({ realms: [], dataDir: undefined, port: 0 });
  standIn = await makeStandIn();
});

afterAll(async () => {
  const dirs = [...homes, ...keyrings].map(({ dir }) => dir);
  await Promise.all(keyrings.map((keyring) => keyring.stop()));
  const left = await leftBehind(dirs, [backend]);
  await backend.stop();
  await standIn.remove();
  await Promise.all(homes.map((home) => home.remove()));
  expect(left).toEqual([]);
});

/** A machine of its own, without a keychain: what is stored goes into the encrypted file. */
async function machine(realm: LocalRealm): Promise<{ readonly dir: string; readonly env: Variables }> {
  const home = await makeHome();
  homes.push(home);
  return { dir: home.dir, env: { ...home.env, ...leadingTo(realm), KEYWRIGHT_STORE: 'file' } };
}

/** What the vendor's web page is for: the first credential. */
async function dashboard(realm: LocalRealm, body: Readonly<Record<string, unknown>>): Promise<unknown> {
  const answer = await ask(realm.origin, '/dashboard', { method: 'POST', body });
  if (answer.status >= 400) throw new Error(answer.text);
  return answer.json;
}

const data = (ended: Ended): unknown => JSON.parse(ended.stdout);

/** Id and name of each line of a list. */
const listed = ({ stdout }: Ended): ReadonlyArray<readonly [string, string]> =>
  stdout
    .trimEnd()
    .split('\n')
    .map((line) => line.split('\t'))
    .map(([id = '', name = '']) => [id, name]);

const idOf = (ended: Ended, name: string): string => listed(ended).find(([, each]) => each === name)?.[0] ?? '';

it('there is a story for every provider', () => {
  expect(REALM_IDS).toEqual(['memax', 'minds', 'reminix', 'agntix']);
});

describeWith(KEYRING_PROGRAMS, 'memax, with a keychain', () => {
  it('from the browser to a key in a variable that is refused once it is revoked', async () => {
    const realm = backend.realm('memax');
    const keyring = await startKeyring();
    keyrings.push(keyring);
    const env = { ...keyring.env, ...leadingTo(realm) };

    expect(await keywright({ ...env, BROWSER: standIn.allow }, ['login', 'memax'])).toMatchObject({
      code: 0,
      stdout: `Signed in to memax as demo@keywright.test at ${realm.origin}. The credential is in the system keychain.\n`,
    });
    expect(await keywright(env, ['whoami'])).toEqual({
      code: 0,
      stdout: expect.stringMatching(/^demo@keywright\.test \([0-9a-f-]{36}\) at memax, by the stored sign-in "default"\n$/) as string,
      stderr: '',
    });

    const made = await keywright(env, ['auth', 'create-key', 'ci-deploy', '--scope', 'read', '--expires', '90d']);
    expect(made).toMatchObject({ code: 0, stdout: expect.stringMatching(/^mxk_[0-9a-f]{64}\n$/) as string });
    const key = made.stdout.trim();
    const list = await keywright(env, ['auth', 'list-keys']);
    const id = idOf(list, 'ci-deploy');
    expect(list.stdout.split('\t').slice(1, 4)).toEqual(['ci-deploy', key.slice(0, 8), 'read']);

    const inCi = { ...env, MEMAX_API_KEY: key };
    expect(await keywright(inCi, ['whoami'])).toMatchObject({ code: 0, stdout: expect.stringMatching(/, by MEMAX_API_KEY\n$/) as string });
    expect(await keywright(inCi, ['api', 'post', '/v1/memories', '-f', 'content=Forty-two.'])).toMatchObject({
      code: 5,
      stderr: expect.stringMatching(/^error\[missing-scope\][^]*memory:write/m) as string,
    });

    expect(await keywright(env, ['auth', 'revoke-key', id])).toEqual({ code: 0, stdout: `revoked ${id}\n`, stderr: '' });
    expect(await keywright(env, ['auth', 'revoke-key', id])).toEqual({ code: 0, stdout: `already gone ${id}\n`, stderr: '' });
    const refused = await keywright(inCi, ['whoami', '--json']);
    expect([refused.code, data(refused)]).toMatchObject([
      4,
      {
        error: {
          code: 'session-ended',
          detail: expect.stringMatching(/^Memax does not accept the key in MEMAX_API_KEY \(it says: unauthorized: /) as string,
          retry: false,
        },
      },
    ]);
    expect(await keywright(env, ['logout', 'memax'])).toMatchObject({ code: 0 });
    expect(await keywright(env, ['whoami'])).toMatchObject({ code: 4, stderr: expect.stringContaining('error[signed-out]') as string });
    expect(await filesWith(keyring.dir, [key])).toEqual([]);
  });
});

describe('minds', () => {
  it('from the first key of the dashboard to another that is refused once it is revoked', async () => {
    const realm = backend.realm('minds');
    const { dir, env } = await machine(realm);
    const first = textAt(await dashboard(realm, { make: 'key', name: 'first' }), 'key');

    const login = await keywright(env, ['login', 'minds', '--with-token'], { input: `${first}\n` });
    expect(login).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^Signed in to minds as [0-9a-f-]{36} at .+\. The credential is in the encrypted file\.\n$/) as string,
    });
    expect(await keywright(env, ['login', 'minds'])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/Minds has no browser sign-in\.[^]*keywright login minds --with-token/) as string,
    });
    expect(await keywright(env, ['whoami'])).toEqual({
      code: 0,
      stdout: expect.stringMatching(/^[0-9a-f-]{36} at minds, by the stored sign-in "default"\n$/) as string,
      stderr: '',
    });

    const made = await keywright(env, ['auth', 'create-key', 'nightly']);
    expect(made).toMatchObject({ code: 0, stdout: expect.stringMatching(/^minds_[0-9a-f]{48}\n$/) as string });
    const key = made.stdout.trim();
    expect(await keywright(env, ['auth', 'create-key'])).toMatchObject({ code: 0, stdout: expect.stringMatching(/^minds_/) as string });
    expect(await keywright(env, ['auth', 'create-key', 'x', '--expires', '90d'])).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('Keys of Minds do not expire.') as string,
    });
    const list = await keywright(env, ['auth', 'list-keys']);
    expect(listed(list).map(([, name]) => name)).toEqual(['-', 'nightly', 'first']);

    const inCi = { ...env, MINDS_API_KEY: key };
    expect(await keywright(inCi, ['whoami'])).toMatchObject({ code: 0, stdout: expect.stringMatching(/ at minds, by MINDS_API_KEY\n$/) as string });
    expect(await keywright(inCi, ['api', 'post', '/api/v1/minds', '-f', 'name=Ada'])).toMatchObject({ code: 0 });
    expect(await keywright(inCi, ['api', 'get', '/api/v1/flows'])).toMatchObject({
      code: 5,
      stderr: expect.stringMatching(/Your free plan allows no flows\. Upgrade your plan\.[^]*hint: A plan has its limits/) as string,
    });

    const id = idOf(list, 'nightly');
    expect(await keywright(env, ['auth', 'revoke-key', id])).toMatchObject({ code: 0, stdout: `revoked ${id}\n` });
    expect(await keywright(inCi, ['whoami'])).toMatchObject({
      code: 4,
      stdout: '',
      stderr: expect.stringContaining('Minds does not accept the key in MINDS_API_KEY (it says: Unauthorized: Invalid or missing API key).') as string,
    });
    expect(await keywright(env, ['logout', 'minds'])).toMatchObject({ code: 0 });
    expect(await keywright(env, ['whoami', 'minds'])).toMatchObject({ code: 4, stderr: expect.stringContaining('error[signed-out]') as string });
    expect(await filesWith(dir, [first, key])).toEqual([]);
  });
});

describe('reminix', () => {
  const realm = (): LocalRealm => backend.realm('reminix');
  const projects = async (): Promise<readonly [string, string]> => {
    const all = await dashboard(realm(), { list: 'projects' });
    return [textAt(all, 'projects', 0, 'id'), textAt(all, 'projects', 1, 'id')];
  };

  it('from a project key of the dashboard to a client token that is refused once it is revoked', async () => {
    const { dir, env } = await machine(realm());
    const [website] = await projects();
    const key = textAt(await dashboard(realm(), { make: 'key', project: website }), 'key');
    expect(await keywright(env, ['login', 'reminix', '--with-token'], { input: key })).toMatchObject({
      code: 0,
      stdout: `Signed in to reminix as demo-website at ${realm().origin}. The credential is in the encrypted file.\n`,
    });
    expect(await keywright(env, ['whoami'])).toMatchObject({ code: 0, stdout: `demo-website (${website}) at reminix, by the stored sign-in "default"\n` });

    realm().stats.reset();
    for (const words of [
      ['auth', 'create-key', 'ci'],
      ['auth', 'list-keys'],
      ['auth', 'revoke-key', 'key_1'],
    ]) {
      expect(await keywright(env, words)).toMatchObject({
        code: 2,
        stdout: '',
        stderr: expect.stringContaining('https://reminix.com (project settings, API Keys)') as string,
      });
    }
    expect(realm().stats.all()).toEqual({});

    const context = path.join(dir, 'context.json');
    await writeFile(context, '{"internalCustomerId":"customer-of-ours-4711"}');
    const words = ['auth', 'create-client-token', '--public', 'userId=user-7', '--server', `@${context}`, '--ttl', '10m', '--permission', 'agents:invoke'];
    const made = await keywright(env, words);
    expect(made).toMatchObject({ code: 0, stdout: expect.stringMatching(/^reminix_ct_[\w-]{43}\n$/) as string });
    const token = made.stdout.trim();
    const [id = ''] = /ct_[\w-]{22}/.exec(made.stderr) ?? [];
    const shown = await keywright(env, ['auth', 'show-client-token', '--provider', 'reminix', '--json'], { input: token });
    expect([shown.code, data(shown)]).toEqual([0, { project_id: website, public_metadata: { userId: 'user-7' } }]);

    const inBrowser = { ...env, REMINIX_API_KEY: token };
    const invoke = ['api', 'post', '/client/agents/echo/invoke', '-f', 'input[prompt]=Hello'];
    const answered = await keywright(inBrowser, invoke);
    expect([answered.code, data(answered)]).toEqual([0, { output: { echo: { prompt: 'Hello' }, knows_context: true } }]);
    expect(await keywright(inBrowser, ['whoami'])).toMatchObject({ code: 5, stdout: '', stderr: expect.stringContaining('error[refused]') as string });
    const chat = (await keywright(env, ['auth', 'create-client-token', '--permission', 'agents:chat'])).stdout.trim();
    expect(await keywright({ ...env, REMINIX_API_KEY: chat }, invoke)).toMatchObject({
      code: 5,
      stderr: expect.stringMatching(/error\[missing-scope\][^]*agents:invoke/) as string,
    });

    expect(await keywright(env, ['auth', 'revoke-client-token', id])).toMatchObject({ code: 0, stdout: `revoked ${id}\n` });
    expect(await keywright(env, ['auth', 'revoke-client-token', id])).toMatchObject({ code: 0, stdout: `already gone ${id}\n` });
    expect(await keywright(env, ['auth', 'show-client-token', '--provider', 'reminix'], { input: token })).toMatchObject({
      code: 4,
      stdout: '',
      stderr: expect.stringContaining('Reminix does not accept this client token (it says: unauthorized: ') as string,
    });
    expect(await keywright(inBrowser, invoke)).toMatchObject({ code: 4, stderr: expect.stringContaining('error[session-ended]') as string });
    const said = [made, shown, answered].map(({ stdout, stderr }) => stdout + stderr).join('');
    expect(said).not.toContain('customer-of-ours-4711');
    expect(await filesWith(dir, [key, token])).toEqual([]);
  });

  it('asks nobody with a personal access token before a project is named, and finds it in every place', async () => {
    const { dir, env } = await machine(realm());
    const [website, support] = await projects();
    const personal = textAt(await dashboard(realm(), { make: 'personal-access-token' }), 'token');
    const unnamed = { code: 2, stdout: '', stderr: expect.stringMatching(/error\[usage\][^]*no project was named[^]*REMINIX_PROJECT/) as string };

    realm().stats.reset();
    expect(await keywright(env, ['login', 'reminix', '--with-token'], { input: personal })).toMatchObject(unnamed);
    expect(realm().stats.all()).toEqual({});
    expect(await keywright(env, ['login', 'reminix', '--with-token', '--project', website], { input: personal })).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('Signed in to reminix as demo-website') as string,
    });

    realm().stats.reset();
    for (const words of [['whoami'], ['auth', 'create-client-token'], ['auth', 'revoke-client-token', 'ct_1'], ['api', 'get', '/v1/project']]) {
      expect(await keywright(env, words)).toMatchObject(unnamed);
    }
    expect(realm().stats.all()).toEqual({});

    const as = (name: string, id: string): unknown => ({ code: 0, stdout: `${name} (${id}) at reminix, by the stored sign-in "default"\n` });
    expect(await keywright(env, ['whoami', '--project', support])).toMatchObject(as('demo-support', support) as object);
    expect(await keywright({ ...env, REMINIX_PROJECT: support }, ['whoami'])).toMatchObject(as('demo-support', support) as object);
    const folder = path.join(dir, 'home', 'site');
    await mkdir(path.join(folder, '.git'), { recursive: true });
    expect(await keywright(env, ['use', 'reminix', '--here', '--project', website], { cwd: folder })).toMatchObject({ code: 0 });
    expect(await keywright(env, ['whoami'], { cwd: folder })).toMatchObject(as('demo-website', website) as object);
    expect(await keywright({ ...env, REMINIX_PROJECT: support }, ['whoami'], { cwd: folder })).toMatchObject(as('demo-support', support) as object);
    expect(await keywright(env, ['whoami', '--project', 'proj_nobody'])).toMatchObject({
      code: 5,
      stderr: expect.stringContaining('error[refused]') as string,
    });
    expect(await filesWith(dir, [personal])).toEqual([]);
  });
});

describe('agntix', () => {
  const realm = (): LocalRealm => backend.realm('agntix');
  const session = async (more: Readonly<Record<string, unknown>> = {}): Promise<string> =>
    textAt(await dashboard(realm(), { make: 'session-token', expires_in: 3600, ...more }), 'token');

  it('from the first key of the dashboard to another that is refused once it is revoked', async () => {
    const { dir, env } = await machine(realm());
    const first = textAt(await dashboard(realm(), { make: 'key', name: 'first', scopes: ['chat:read', 'chat:write', 'agents:read'] }), 'key');
    expect(await keywright(env, ['login', 'agntix', '--with-token'], { input: first })).toMatchObject({
      code: 0,
      stdout: `Signed in to agntix as somebody the provider does not name at ${realm().origin}. The credential is in the encrypted file.\n`,
    });
    expect(await keywright(env, ['whoami'])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^agntix accepts the stored sign-in "default"/) as string,
    });

    const made = await keywright(env, ['auth', 'create-key', 'nightly', '--scope', 'chat:write']);
    expect(made).toMatchObject({ code: 0, stdout: expect.stringMatching(/^pk_live_[\w-]{32}\n$/) as string });
    const key = made.stdout.trim();
    expect(await keywright(env, ['auth', 'create-key', 'nightly', '--scope', 'chat:write'])).toMatchObject({
      code: 5,
      stdout: '',
      stderr: expect.stringMatching(/Agntix says: conflict: .+ \[request req_[0-9a-f-]{36}\] \(409\)/) as string,
    });
    const list = await keywright(env, ['auth', 'list-keys']);
    expect(listed(list).map(([, name]) => name)).toEqual(['nightly', 'first']);

    const inCi = { ...env, AGNTIX_API_KEY: key };
    // It may not list agents, and is a good key all the same.
    expect(await keywright(inCi, ['whoami'])).toMatchObject({ code: 0, stdout: expect.stringMatching(/^agntix accepts AGNTIX_API_KEY/) as string });
    const id = idOf(list, 'nightly');
    expect(await keywright(env, ['auth', 'revoke-key', id])).toMatchObject({ code: 0, stdout: `revoked ${id}\n` });
    expect(await keywright(inCi, ['whoami'])).toMatchObject({
      code: 4,
      stdout: '',
      stderr: expect.stringMatching(/Agntix does not accept the key in AGNTIX_API_KEY \(it says: unauthorized: .+ \[request req_[0-9a-f-]{36}\]\)/) as string,
    });
    expect(await filesWith(dir, [first, key])).toEqual([]);
  });

  it('with a session token tells its end and its organization, until the key that signed it is forgotten', async () => {
    const { dir, env } = await machine(realm());
    const token = await session();
    expect(await keywright(env, ['login', 'agntix', '--with-token'], { input: token })).toMatchObject({ code: 0 });
    const who = await keywright(env, ['whoami']);
    expect(who).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/ at agntix, by the stored sign-in "default"; organization \S+; the token ends at 20\d\d-\d\d-\d\dT[\d:.]+Z\n$/) as string,
    });
    const asJson = await keywright(env, ['whoami', '--json']);
    expect(data(asJson)).toMatchObject({ kind: 'session-token', token: { organization: expect.any(String) as string, issuer: realm().origin } });

    const made = await keywright(env, ['auth', 'create-key', 'by-session', '--scope', 'chat:read']);
    expect(made).toMatchObject({ code: 0, stdout: expect.stringMatching(/^pk_live_/) as string });
    const id = idOf(await keywright(env, ['auth', 'list-keys']), 'by-session');
    expect(await keywright(env, ['auth', 'revoke-key', id])).toMatchObject({ code: 0, stdout: `revoked ${id}\n` });

    await dashboard(realm(), { make: 'rotate-signing-key' });
    expect(await keywright(env, ['whoami'])).toEqual(who);
    await dashboard(realm(), { make: 'rotate-signing-key' });
    expect(await keywright(env, ['whoami'])).toMatchObject({ code: 4, stdout: '', stderr: expect.stringContaining('error[session-ended]') as string });
    expect(await filesWith(dir, [token])).toEqual([]);
  });

  it('shows an expired session token to nobody', async () => {
    const { env } = await machine(realm());
    realm().advanceClock(-2 * 3_600_000);
    const expired = await session();
    realm().advanceClock(2 * 3_600_000);
    realm().stats.reset();
    const ended = { code: 4, stdout: '', stderr: expect.stringMatching(/error\[session-ended\][^]*expired at 20\d\d-[^]*nothing was sent/) as string };
    for (const words of [['whoami'], ['auth', 'list-keys'], ['auth', 'token'], ['api', 'get', '/v1/chat/agents']]) {
      expect(await keywright({ ...env, AGNTIX_API_KEY: expired }, words)).toMatchObject(ended);
    }
    expect(await keywright(env, ['login', 'agntix', '--with-token'], { input: expired })).toMatchObject(ended);
    expect(realm().stats.all()).toEqual({});
  });
});
