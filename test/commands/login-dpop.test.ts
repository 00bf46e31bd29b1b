import { describe, expect, it } from 'vitest';
import type { OAuthSession, StoredCredential } from '../../src/model/credentials.ts';
import type { Http } from '../../src/model/http.ts';
import { Secret } from '../../src/model/secret.ts';
import { dpopHandle, newDpopKey, proofSender } from '../../src/oauth/dpop.ts';
import { configurationOf } from '../../src/oauth/server.ts';
import { ask } from '../integration/backend/running.ts';
import { letTimePass } from '../support/device-time.ts';
import { approveDevice, signInAs } from '../support/person.ts';
import { sharedBackend } from '../support/shared-backend.ts';
import { makeWorld, type World } from '../support/world.ts';

const bearer = sharedBackend();
const plain = sharedBackend({ dpop: 'on', device: true });
const strict = sharedBackend({ dpop: 'nonce-required', device: true });

const BACKENDS = [
  ['without nonces', plain],
  ['with nonces', strict],
] as const;

const HOUR = 3_600_000;

function session(stored: StoredCredential | undefined): OAuthSession {
  if (stored?.kind !== 'oauth') throw new Error('no session is stored');
  return stored;
}

async function signedIn(realm: typeof plain, ...words: readonly string[]): Promise<World> {
  const world = await makeWorld({ realm: realm() });
  const result = await world.run('login', 'memax', '--dpop', ...words);
  expect([result.exit, result.stderr.includes('warning')]).toEqual([0, false]);
  world.secrets.add('key', session(await world.stored()).dpopKey?.reveal());
  return world;
}

describe.each(BACKENDS)('a session that is bound to a key, at a server %s', (_title, realm) => {
  it('lives as others do: each command is a process of its own that takes the key from the store', async () => {
    const world = await signedIn(realm);
    const first = session(await world.stored());
    expect(JSON.parse(first.dpopKey?.reveal() ?? '{}')).toMatchObject({ kty: 'EC', crv: 'P-256', d: expect.any(String) });
    expect((await world.run('whoami')).stdout).toContain(world.email);
    const made = await world.run('auth', 'create-key', 'for-ci');
    expect([made.exit, realm().stats.count('keys.create')]).toEqual([0, realm === strict ? 2 : 1]);
    expect((await world.run('auth', 'list-keys', '--json')).stdout.match(/"name":"for-ci"/g)).toHaveLength(1);

    realm().advanceClock(HOUR);
    world.clock.advance(HOUR);
    expect((await world.run('whoami')).exit).toBe(0);
    const second = session(await world.stored());
    expect(second.accessToken.equals(first.accessToken)).toBe(false);
    expect(second.dpopKey?.reveal()).toBe(first.dpopKey?.reveal());
    expect((await world.run('auth', 'list-keys')).exit).toBe(0);
    expect((await world.run('logout')).stdout).toContain('the refresh token was revoked at the provider');
    expect([...world.stores.keychain.entries]).toEqual([]);
  });

  it('is refreshed after a 401 as well, and proves itself again', async () => {
    const world = await signedIn(realm);
    realm().faults.next('me', { kind: 'status', status: 401 });
    expect((await world.run('whoami')).exit).toBe(0);
    expect(realm().stats.count('token.refresh')).toBe(realm === strict ? 2 : 1);
  });

  it('is of no use to who has the token and not the key', async () => {
    const world = await signedIn(realm);
    const { accessToken, issuer, clientId, tokenEndpoint, refreshToken } = session(await world.stored());
    const me = `${realm().origin}/v1/auth/me`;
    expect((await ask(realm().origin, '/v1/auth/me', { bearer: accessToken.reveal() })).status).toBe(401);

    // A thief with a key of their own, and all the nonces they want.
    const config = configurationOf(
      { send: () => Promise.reject(new Error('not used')), close: async () => undefined },
      { issuer, clientId, tokenEndpoint, revocationEndpoint: null },
    );
    const handle = await dpopHandle(config, await newDpopKey());
    const steal = async (): Promise<string> => {
      const headers = new Headers({ authorization: `DPoP ${accessToken.reveal()}` });
      await Reflect.get(handle, 'addProof').call(handle, new URL(me), headers, 'GET', accessToken.reveal());
      const answer = await fetch(me, { headers });
      Reflect.get(handle, 'cacheNonce').call(handle, answer, new URL(me));
      return `${answer.status} ${answer.headers.get('www-authenticate')}`;
    };
    await steal();
    expect(await steal()).toMatch(/^401 DPoP error="invalid_token", error_description="the token is bound to another key"/);
    const body = new URLSearchParams({ grant_type: 'refresh_token', client_id: clientId, refresh_token: refreshToken?.reveal() ?? '' });
    expect((await ask(realm().origin, '/oauth/token', { method: 'POST', body })).json).toMatchObject({ error: 'invalid_grant' });
    expect((await world.run('whoami')).exit).toBe(0);
  });

  it('begins with a code on another device, too', async () => {
    const world = await makeWorld({ realm: realm(), browserLikely: false });
    const running = world.start('login', 'memax', '--device', '--dpop');
    const userCode = await running.says(/\n {2}([A-Z]{4}-[A-Z]{4})\n/);
    await letTimePass(world, realm(), () => realm().stats.count('token.device') > 1);
    await approveDevice(`${realm().origin}/oauth/device`, { decision: 'allow', email: world.email, userCode });
    await letTimePass(world, realm(), running.ended);
    expect((await running.ended).exit).toBe(0);
    expect(session(await world.stored()).dpopKey).toBeInstanceOf(Secret);
    expect((await world.run('whoami')).exit).toBe(0);
  });

  it('begins in two steps, too: the key waits in the store', async () => {
    let pipe = (_text: string): void => undefined;
    const world = await makeWorld({ realm: realm(), stdin: new Promise((resolve) => (pipe = resolve)) });
    const begun: { url: string; next: string } = JSON.parse((await world.run('login', 'memax', '--begin', '--no-browser', '--dpop', '--json')).stdout);
    pipe(await signInAs(begun.url, { decision: 'allow', email: world.email }));
    expect((await world.run(...begun.next.split(' ').slice(1))).exit).toBe(0);
    expect(session(await world.stored()).dpopKey).toBeInstanceOf(Secret);
    expect((await world.run('whoami')).exit).toBe(0);
  });
});

describe('a session that is bound to a key', () => {
  it('asks for a nonce once, and uses it again', async () => {
    const world = await signedIn(strict);
    const stored = session(await world.stored());
    const statuses: number[] = [];
    const http: Http = {
      send: async ({ method, url, headers = {} }) => {
        const answer = await fetch(url, { method, headers });
        statuses.push(answer.status);
        return { status: answer.status, headers: Object.fromEntries(answer.headers), body: await answer.text() };
      },
      close: async () => undefined,
    };
    const send = proofSender(stored.dpopKey ?? new Secret(''));
    const request = { method: 'GET', url: `${strict().origin}/v1/auth/me` } as const;
    expect([(await send(http, stored, request)).status, (await send(http, stored, request)).status]).toEqual([200, 200]);
    expect(statuses).toEqual([401, 200, 200]);
  });

  it('has no token for other programs, and says what there is instead', async () => {
    const world = await signedIn(plain);
    const result = await world.run('auth', 'token');
    expect([result.exit, result.stdout]).toEqual([2, '']);
    expect(result.stderr).toMatch(
      /^error\[usage\].*\n {2}The tokens of this sign-in are bound to a key .*\nhint: Make an API key for the other program: keywright auth create-key <name>\n$/,
    );
  });

  it('is asked for in vain where the server does not offer it', async () => {
    const world = await makeWorld({ realm: bearer() });
    const result = await world.run('login', 'memax', '--dpop');
    expect(result.exit).toBe(2);
    expect(result.stderr).toContain('This provider does not offer tokens that are bound to a key (DPoP).');
    expect([world.browser.opened, await world.stored()]).toEqual([[], undefined]);
  });

  it('is not what one gets unasked', async () => {
    const world = await makeWorld({ realm: strict() });
    expect((await world.run('login', 'memax')).exit).toBe(0);
    expect(session(await world.stored()).dpopKey).toBeUndefined();
    expect((await world.run('auth', 'token')).exit).toBe(0);
  });

  it('is not kept where the server gives a bearer token all the same, which is revoked', async () => {
    plain().faults.next('token.code', {
      kind: 'wrong-type',
      body: { access_token: 'a-bearer-token', token_type: 'Bearer', refresh_token: 'a-refresh-token', expires_in: 60 },
    });
    const world = await makeWorld({ realm: plain() });
    const result = await world.run('login', 'memax', '--dpop', '--quiet');
    expect([result.exit, plain().stats.count('revoke'), await world.stored()]).toEqual([8, 2, undefined]);
  });

  it('has ended where its key is damaged', async () => {
    const world = await signedIn(plain);
    const [[name = '', text = ''] = []] = [...world.stores.keychain.entries];
    world.stores.keychain.entries.set(name, JSON.stringify({ ...JSON.parse(text), dpop_key: '{"kty":"EC"}' }));
    const result = await world.run('whoami');
    expect([result.exit, result.stderr.includes('The key that this session is bound to is damaged.')]).toEqual([4, true]);
  });

  it.each([
    ['bound to another key', ['--dpop']],
    ['not bound to a key', []],
  ])('gives way, in the middle of a command, to one that is %s', async (_title, words) => {
    let first: StoredCredential | undefined;
    const world = await makeWorld({
      realm: plain(),
      store: (memory) => ({
        ...memory,
        read: async (address) => {
          const old = first;
          first = undefined;
          return old ?? memory.read(address);
        },
      }),
    });
    expect((await world.run('login', 'memax', '--dpop')).exit).toBe(0);
    const old = await world.stored();
    // This revokes the session that it replaces.
    expect((await world.run('login', 'memax', ...words)).exit).toBe(0);
    first = old;
    plain().stats.reset();
    const result = await world.run('whoami');
    expect([result.exit, plain().stats.count('me'), plain().stats.count('token.refresh')]).toEqual([0, 2, 0]);
  });
});
