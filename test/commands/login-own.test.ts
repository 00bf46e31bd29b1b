import { createServer } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { OAuthSession } from '../../src/model/credentials.ts';
import { FOREIGN_CLIENT, type ForeignServer, type ForeignWishes, startForeignServer } from '../support/foreign-server.ts';
import { addOwn } from '../support/own-providers.ts';
import { approveDevice, signInAs } from '../support/person.ts';
import { makeWorld, type World, type WorldWishes } from '../support/world.ts';

const ISSUER = 'https://id.acme.example/tenants/acme';
const API = 'https://api.acme.example';

let shared: ForeignServer;
beforeAll(async () => {
  shared = await startForeignServer();
});
beforeEach(() => {
  shared.asked.length = 0;
  shared.scopesAsked.length = 0;
  shared.tokensLive(3600);
});
afterAll(() => shared.stop());

async function serverWith(wishes: ForeignWishes): Promise<ForeignServer> {
  const server = await startForeignServer(wishes);
  onTestFinished(() => server.stop());
  return server;
}

type Fields = Readonly<Record<string, unknown>>;

/** Puts the definition of the page into a world, with other fields in its `oauth`. */
function define(world: World, server: ForeignServer, oauth: Fields = {}): Promise<void> {
  return addOwn(world, 'acme', { [API]: server.api, [ISSUER]: server.issuer }, (text) => {
    const definition: { readonly oauth: Fields } = JSON.parse(text);
    return JSON.stringify({ ...definition, oauth: { ...definition.oauth, ...oauth } });
  });
}

async function worldWith(server: ForeignServer, oauth: Fields = {}, wishes: WorldWishes = {}): Promise<World> {
  const world = await makeWorld(wishes);
  await define(world, server, oauth);
  return world;
}

async function sessionAt(world: World, server: ForeignServer): Promise<OAuthSession> {
  const stored = await world.stores.keychain.read({ origin: server.api, account: 'default' });
  if (stored?.kind !== 'oauth') throw new Error('there is no session');
  return stored;
}

const askedAt = (world: World): URLSearchParams => new URL(world.browser.opened[0] ?? '').searchParams;

const endpointsOf = ({ issuer }: ForeignServer, more: Fields = {}): Fields => ({
  kind: 'endpoints',
  issuer,
  authorization: `${issuer}/auth`,
  token: `${issuer}/token`,
  revocation: `${issuer}/token/revocation`,
  device_authorization: `${issuer}/device/auth`,
  ...more,
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  if (address === null || typeof address === 'string') throw new Error('a TCP listener has a port');
  return address.port;
}

describe('signing in at an issuer elsewhere', () => {
  it('goes where its metadata says, as the client that the definition names, with commas between scopes, and registers nothing', async () => {
    const world = await worldWith(shared);
    const result = await world.run('login', 'acme');
    expect([result.exit, result.stdout]).toEqual([0, expect.stringContaining('Signed in to acme as seven@acme.example')]);
    const asked = askedAt(world);
    expect(Object.fromEntries([...asked].filter(([name]) => !['state', 'code_challenge'].includes(name)))).toEqual({
      client_id: FOREIGN_CLIENT,
      redirect_uri: expect.stringMatching(/^http:\/\/127\.0\.0\.1:[0-9]+\/callback$/),
      response_type: 'code',
      scope: 'jobs,credentials',
      code_challenge_method: 'S256',
    });
    expect(await sessionAt(world, shared)).toMatchObject({
      issuer: shared.issuer,
      clientId: FOREIGN_CLIENT,
      tokenEndpoint: `${shared.issuer}/token`,
      revocationEndpoint: `${shared.issuer}/token/revocation`,
      scopes: ['jobs', 'credentials'],
    });
    expect(shared.asked.filter((each) => each.includes('well-known'))).toEqual(['GET /.well-known/oauth-authorization-server/tenants/acme']);
    expect(shared.asked.filter((each) => each.includes('reg'))).toEqual([]);
  });

  it('finds metadata where OpenID Connect Discovery puts them, when there are none where RFC 8414 does', async () => {
    const server = await serverWith({ metadata: 'oidc' });
    const world = await worldWith(server);
    expect((await world.run('login', 'acme')).exit).toBe(0);
    expect(server.asked.filter((each) => each.includes('well-known'))).toEqual([
      'GET /.well-known/oauth-authorization-server/tenants/acme',
      'GET /tenants/acme/.well-known/openid-configuration',
    ]);
    expect((await sessionAt(world, server)).issuer).toBe(server.issuer);
  });

  it('says that there is no metadata, and sends nobody anywhere', async () => {
    const server = await serverWith({ metadata: 'none' });
    const world = await worldWith(server);
    expect(await world.run('login', 'acme')).toMatchObject({ exit: 8 });
    expect([world.browser.opened, [...world.stores.keychain.entries]]).toEqual([[], []]);
  });

  it('asks for the scopes that are named, and reads the ones that are granted', async () => {
    const world = await worldWith(shared);
    expect((await world.run('login', 'acme', '--scope', 'jobs')).exit).toBe(0);
    expect([shared.scopesAsked, (await sessionAt(world, shared)).scopes]).toEqual([['jobs'], ['jobs']]);
  });
});

describe('signing in at fixed endpoints', () => {
  it('asks for no metadata, uses PKCE all the same, and revokes where the definition says', async () => {
    const server = await serverWith({ metadata: 'none' });
    const world = await worldWith(server, { server: endpointsOf(server) });
    expect((await world.run('login', 'acme')).exit).toBe(0);
    expect(askedAt(world).get('code_challenge_method')).toBe('S256');
    expect(askedAt(world).get('code_challenge')).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(server.asked.filter((each) => each.includes('well-known'))).toEqual([]);
    expect((await world.run('logout', 'acme')).exit).toBe(0);
    expect(server.asked.filter((each) => each.endsWith('/token/revocation'))).toHaveLength(2);
  });

  it('does not take the redirect of a server with another name (RFC 9207)', async () => {
    const server = await serverWith({ metadata: 'none' });
    const world = await worldWith(server, { server: endpointsOf(server, { issuer: 'https://other.example' }) });
    expect((await world.run('login', 'acme')).exit).not.toBe(0);
    expect(server.asked.filter((each) => each.includes('authorization_code'))).toEqual([]);
    expect([...world.stores.keychain.entries]).toEqual([]);
  });

  it('offers no code for another device where the definition names no address for it', async () => {
    const server = await serverWith({ metadata: 'none' });
    const world = await worldWith(server, { server: endpointsOf(server, { device_authorization: null, revocation: null }) });
    expect(await world.run('login', 'acme', '--device')).toMatchObject({ exit: 2, stderr: expect.stringContaining('does not offer') });
    expect((await world.run('login', 'acme')).exit).toBe(0);
    expect((await sessionAt(world, server)).revocationEndpoint).toBe(null);
  });
});

describe('the ways of signing in', () => {
  it('print the address with --no-browser, and take the redirect', async () => {
    const world = await worldWith(shared, {}, { stdin: new Promise<string>(() => undefined) });
    const running = world.start('login', 'acme', '--no-browser');
    const address = await running.says(/\n {2}(http:\S+)\n/);
    await signInAs(address, { decision: 'allow', deliver: true });
    expect((await running.ended).exit).toBe(0);
  });

  it.each([
    ['by metadata', () => ({})],
    ['by endpoints', () => ({ server: endpointsOf(shared) })],
  ])('show a code with --device, %s', async (_title, oauth) => {
    const world = await worldWith(shared, oauth(), { browserLikely: false });
    const running = world.start('login', 'acme', '--device');
    const userCode = await running.says(/\n {2}([A-Z]{4}-[A-Z]{4})\n/);
    await approveDevice(`${shared.issuer}/device`, { decision: 'allow', userCode });
    let over = false;
    void running.ended.finally(() => (over = true));
    while (!over) {
      world.clock.advance(1_000);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    expect((await running.ended).exit).toBe(0);
    expect(shared.scopesAsked).toEqual(['jobs,credentials']);
    expect((await sessionAt(world, shared)).scopes).toEqual(['jobs', 'credentials']);
  });

  it('are two commands with --begin and --complete', async () => {
    let pipe = (_text: string): void => undefined;
    const world = await worldWith(shared, {}, { stdin: new Promise<string>((resolve) => (pipe = resolve)) });
    const begun: { url: string; next: string } = JSON.parse((await world.run('login', 'acme', '--begin', '--no-browser', '--json')).stdout);
    pipe(await signInAs(begun.url, { decision: 'allow' }));
    const completed = await world.run(...begun.next.split(' ').slice(1));
    expect([completed.exit, completed.stderr]).toEqual([0, '']);
    expect(await sessionAt(world, shared)).toMatchObject({ issuer: shared.issuer, scopes: ['jobs', 'credentials'] });
  });

  it('come back to the port that the definition names, and stop where another program has it', async () => {
    const port = await freePort();
    const server = await serverWith({ redirectUri: `http://127.0.0.1:${port}/callback` });
    const world = await worldWith(server, { client: { kind: 'fixed', client_id: FOREIGN_CLIENT, port } });
    expect((await world.run('login', 'acme')).exit).toBe(0);
    expect(askedAt(world).get('redirect_uri')).toBe(`http://127.0.0.1:${port}/callback`);

    const thief = createServer();
    await new Promise<void>((resolve) => thief.listen(port, '127.0.0.1', resolve));
    onTestFinished(() => void thief.close());
    server.asked.length = 0;
    for (const words of [[], ['--begin', '--no-browser']]) {
      const refused = await world.run('login', 'acme', ...words);
      expect([refused.exit, refused.stderr]).toEqual([5, expect.stringContaining(`port ${port} of this machine, and another program has it`)]);
    }
    expect(server.asked).toEqual([]);
  });
});

describe('a session of an own provider', () => {
  /** Signed in with tokens that are about to expire for us. */
  async function stale(oauth: Fields = {}): Promise<World> {
    const world = await worldWith(shared, oauth);
    shared.tokensLive(30);
    const { exit } = await world.run('login', 'acme');
    expect(exit).toBe(0);
    shared.tokensLive(3600);
    shared.asked.length = 0;
    return world;
  }

  it('is refreshed with its scopes, also where only what does not matter was changed', async () => {
    const world = await stale();
    await define(world, shared, { scopes: ['jobs'] });
    expect((await world.run('whoami', 'acme')).exit).toBe(0);
    expect(shared.asked.filter((each) => each.endsWith('refresh_token'))).toHaveLength(1);
    expect((await sessionAt(world, shared)).scopes).toEqual(['jobs', 'credentials']);
  });

  it.each<[string, (server: ForeignServer) => Fields, (server: ForeignServer) => Fields, RegExp]>([
    ['issuer', () => ({}), (server) => ({ server: { kind: 'issuer', issuer: `${server.issuer}/other` } }), /names another issuer/],
    ['client', () => ({}), () => ({ client: { kind: 'fixed', client_id: 'somebody-else' } }), /names another client/],
    [
      'issuer, by endpoints',
      (server) => ({ server: endpointsOf(server) }),
      (server) => ({ server: endpointsOf(server, { issuer: null }) }),
      /names another issuer/,
    ],
    [
      'token endpoint',
      (server) => ({ server: endpointsOf(server) }),
      (server) => ({ server: endpointsOf(server, { token: 'https://evil.example/token' }) }),
      /names another token endpoint/,
    ],
  ])('ends when its definition names another %s afterwards, and its tokens go nowhere', async (_what, before, after, why) => {
    const world = await stale(before(shared));
    await define(world, shared, after(shared));
    const result = await world.run('whoami', 'acme');
    expect([result.exit, result.stderr]).toEqual([4, expect.stringMatching(why)]);
    expect(shared.asked).toEqual([]);
    expect(world.sent).toEqual([]);
  });
});
