import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, describe, expect, it } from 'vitest';

import { startBackend, type LocalBackend, type LocalRealm } from '../../../src/backend/start.ts';
import type { BackendTuning } from '../../../src/backend/tuning.ts';
import { ask, textAt, valueAt, type Answer, type Ask } from './running.ts';

const CLIENT_TOKENS = '/v1/client-tokens';
const NOON = Date.parse('2027-01-31T12:00:00.000Z');
const HELLO = { input: { prompt: 'Hello' } };

interface Site {
  readonly backend: LocalBackend;
  readonly realm: LocalRealm;
  /** Two ids. */
  readonly projects: readonly [string, string];
  ask(path: string, ask?: Ask): Promise<Answer>;
  desk(body: Readonly<Record<string, unknown>>): Promise<Answer>;
  key(project: string): Promise<string>;
  personalToken(): Promise<string>;
  clientToken(bearer: string, request?: Readonly<Record<string, unknown>>): Promise<{ readonly id: string; readonly token: string }>;
}

function sites(): (tuning?: BackendTuning, at?: { readonly dataDir?: string }) => Promise<Site> {
  const running: LocalBackend[] = [];
  afterEach(async () => {
    await Promise.all(running.splice(0).map((backend) => backend.stop()));
  });
  return async (tuning = {}, at = {}) => {
    const backend = await startBackend({ realms: ['reminix'], dataDir: at.dataDir, port: 0 }, tuning);
    running.push(backend);
    const realm = backend.realm('reminix');
    const to = (path: string, what?: Ask) => ask(realm.origin, path, what);
    const desk = (body: Readonly<Record<string, unknown>>) => to('/dashboard', { method: 'POST', body });
    const listed = (await desk({ list: 'projects' })).json;
    return {
      backend,
      realm,
      projects: [textAt(listed, 'projects', 0, 'id'), textAt(listed, 'projects', 1, 'id')],
      ask: to,
      desk,
      key: async (project) => textAt((await desk({ make: 'key', project })).json, 'key'),
      personalToken: async () => textAt((await desk({ make: 'personal-access-token' })).json, 'token'),
      async clientToken(bearer, body = {}) {
        const { json } = await to(CLIENT_TOKENS, { method: 'POST', bearer, body });
        return { id: textAt(json, 'id'), token: textAt(json, 'token') };
      },
    };
  };
}

const errorOf = ({ status, json }: Answer): readonly [number, unknown] => [status, valueAt(json, 'error', 'code')];

describe('keys and personal access tokens of reminix', () => {
  const start = sites();

  it('have a prefix and 32 random bytes, and differ every time', async () => {
    const site = await start();
    const keys = await Promise.all(Array.from({ length: 10 }, () => site.key(site.projects[0])));
    for (const key of keys) expect(key).toMatch(/^reminix_sk_[A-Za-z0-9_-]{43}$/);
    expect(new Set(keys).size).toBe(10);
    expect(await site.personalToken()).toMatch(/^reminix_pat_[A-Za-z0-9_-]{43}$/);
    for (const id of site.projects) expect(id).toMatch(/^proj_[A-Za-z0-9_-]{22}$/);
  });

  it('work in their own project, or in the one that the header names', async () => {
    const site = await start();
    const [first, second] = site.projects;
    const bearer = await site.key(second);
    expect((await site.ask('/v1/project', { bearer })).json).toEqual({ id: second, name: 'demo-support' });
    // A key has one project, whatever the header says.
    expect(textAt((await site.ask('/v1/project', { bearer, headers: { 'x-project': first } })).json, 'id')).toBe(second);
    const personal = await site.personalToken();
    for (const project of site.projects) {
      expect(textAt((await site.ask('/v1/project', { bearer: personal, headers: { 'x-project': project } })).json, 'id')).toBe(project);
    }
  });

  it('name a project on every request, where they are personal', async () => {
    const site = await start();
    const bearer = await site.personalToken();
    for (const [method, path] of [
      ['GET', '/v1/project'],
      ['POST', CLIENT_TOKENS],
      ['DELETE', `${CLIENT_TOKENS}/ct_x`],
      ['POST', '/v1/agents/echo/invoke'],
    ] as const) {
      const body = method === 'POST' ? { body: HELLO } : {};
      expect(errorOf(await site.ask(path, { method, bearer, ...body })), path).toEqual([400, 'invalid_request']);
      expect(errorOf(await site.ask(path, { method, bearer, ...body, headers: { 'x-project': '' } })), path).toEqual([400, 'invalid_request']);
      expect(errorOf(await site.ask(path, { method, bearer, ...body, headers: { 'x-project': 'proj_nobody' } })), path).toEqual([403, 'forbidden']);
    }
  });

  it('lose a project when their user does, but for the keys of the project itself', async () => {
    const site = await start();
    const [first, second] = site.projects;
    const [key, personal] = [await site.key(second), await site.personalToken()];
    const { token } = await site.clientToken(key);
    expect(await site.desk({ leave: second })).toMatchObject({ status: 200, json: { left: second } });
    expect(errorOf(await site.ask('/v1/project', { bearer: personal, headers: { 'x-project': second } }))).toEqual([403, 'forbidden']);
    expect((await site.ask('/v1/project', { bearer: personal, headers: { 'x-project': first } })).status).toBe(200);
    expect((await site.ask('/v1/project', { bearer: key })).status).toBe(200);
    expect((await site.ask('/client/token', { bearer: token })).status).toBe(200);
    expect((await site.desk({ list: 'projects' })).json).toEqual({ projects: [{ id: first, name: 'demo-website' }] });
    expect(errorOf(await site.desk({ make: 'key', project: second }))).toEqual([403, 'forbidden']);
    expect((await site.desk({ leave: second })).status).toBe(400);
  });

  it('are refused when nobody issued them', async () => {
    const site = await start();
    const key = await site.key(site.projects[0]);
    const swapped = key.replace('reminix_sk_', 'reminix_pat_');
    for (const bearer of [undefined, 'x', `${key}x`, key.slice(0, -1), swapped, key.replace('_sk_', '_ct_')]) {
      const answer = await site.ask('/v1/project', { headers: { 'x-project': site.projects[0] }, ...(bearer === undefined ? {} : { bearer }) });
      expect(errorOf(answer), String(bearer?.length)).toEqual([401, 'unauthorized']);
      expect(answer.headers['www-authenticate']).toBe('Bearer');
    }
  });

  it('stay over a restart, as a left project stays left, and no file holds one', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'keywright-backend-'));
    try {
      const first = await start({}, { dataDir });
      const [one, two] = first.projects;
      const key = await first.key(one);
      const { token } = await first.clientToken(key, { serverContext: { customer: 'c-1' } });
      const personal = await first.personalToken();
      await first.desk({ leave: two });
      await first.backend.stop();
      const kept = Buffer.concat(readdirSync(dataDir).map((name) => readFileSync(join(dataDir, name))));
      expect(kept.includes(one)).toBe(true);
      for (const secret of [key, token, personal]) expect(kept.includes(secret.slice(secret.indexOf('_', 8) + 1))).toBe(false);
      const again = await startBackend({ realms: ['reminix'], dataDir, port: 0 });
      try {
        const { origin } = again.realm('reminix');
        expect((await ask(origin, '/dashboard', { method: 'POST', body: { list: 'projects' } })).json).toEqual({
          projects: [{ id: one, name: 'demo-website' }],
        });
        expect((await ask(origin, '/v1/project', { bearer: key })).status).toBe(200);
        expect((await ask(origin, '/v1/project', { bearer: personal, headers: { 'x-project': one } })).status).toBe(200);
        const invoked = await ask(origin, '/client/agents/echo/invoke', { method: 'POST', bearer: token, body: HELLO });
        expect(valueAt(invoked.json, 'output', 'knows_context')).toBe(true);
      } finally {
        await again.stop();
      }
    } finally {
      rmSync(dataDir, { recursive: true });
    }
  });
});

describe('client tokens of reminix', () => {
  const start = sites();

  it('live an hour unless told otherwise, and are dead to the millisecond', async () => {
    const site = await start({ clock: () => NOON });
    const bearer = await site.key(site.projects[0]);
    const made = await site.ask(CLIENT_TOKENS, { method: 'POST', bearer });
    expect(made.status).toBe(201);
    expect(textAt(made.json, 'token')).toMatch(/^reminix_ct_[A-Za-z0-9_-]{43}$/);
    expect(textAt(made.json, 'id')).toMatch(/^ct_[A-Za-z0-9_-]{22}$/);
    expect(textAt(made.json, 'expiresAt')).toBe('2027-01-31T13:00:00.000Z');
    const token = textAt(made.json, 'token');
    site.realm.advanceClock(3_600_000 - 1);
    expect((await site.ask('/client/token', { bearer: token })).status).toBe(200);
    site.realm.advanceClock(1);
    expect(errorOf(await site.ask('/client/token', { bearer: token }))).toEqual([401, 'unauthorized']);
    expect(errorOf(await site.ask('/client/agents/echo/invoke', { method: 'POST', bearer: token, body: HELLO }))).toEqual([401, 'unauthorized']);
    // An expired token is no token any more, on no path.
    expect(errorOf(await site.ask('/v1/project', { bearer: token }))).toEqual([401, 'unauthorized']);
    expect(errorOf(await site.ask(`${CLIENT_TOKENS}/${textAt(made.json, 'id')}`, { method: 'DELETE', bearer }))).toEqual([404, 'not_found']);
  });

  it.each([
    [{ ttlSeconds: 1 }, '2027-01-31T12:00:01.000Z'],
    [{ ttlSeconds: 86_400 }, '2027-02-01T12:00:00.000Z'],
    [{ expires_in: 90 }, '2027-01-31T12:01:30.000Z'],
  ])('live as long as %j says', async (request, expiresAt) => {
    const site = await start({ clock: () => NOON });
    const made = await site.ask(CLIENT_TOKENS, { method: 'POST', bearer: await site.key(site.projects[0]), body: request });
    expect(textAt(made.json, 'expiresAt')).toBe(expiresAt);
  });

  it('are not made out of what makes no sense', async () => {
    const site = await start();
    const bearer = await site.key(site.projects[0]);
    for (const body of [
      ...[0, -1, 86_401, 1.5, '60', null].map((ttlSeconds) => ({ ttlSeconds })),
      { expires_in: 0 },
      { expires_in: 86_401 },
      { ttlSeconds: 60, expires_in: 60 },
      { permissions: ['agents:delete'] },
      { permissions: 'agents:invoke' },
      { permissions: [7] },
      { publicMetadata: 'x' },
      { publicMetadata: [] },
      { publicMetadata: null },
      { serverContext: 'x' },
      { serverContext: ['x'] },
      [],
      'not json',
    ]) {
      expect(errorOf(await site.ask(CLIENT_TOKENS, { method: 'POST', bearer, body })), JSON.stringify(body)).toEqual([400, 'invalid_request']);
    }
  });

  it('show what is public of them, and never what is for the server', async () => {
    const site = await start();
    const bearer = await site.key(site.projects[0]);
    const publicMetadata = { userId: 'user-7', nested: { list: [1, null, 'x'] } };
    const made = await site.ask(CLIENT_TOKENS, {
      method: 'POST',
      bearer,
      body: { publicMetadata, serverContext: { internalCustomerId: 'hidden-customer', quotaLimit: 424_242 } },
    });
    const token = textAt(made.json, 'token');
    const shown = await site.ask('/client/token', { bearer: token });
    expect(shown.json).toEqual({ projectId: site.projects[0], publicMetadata });
    const invoked = await site.ask('/client/agents/echo/invoke', { method: 'POST', bearer: token, body: HELLO });
    expect(invoked.json).toEqual({ output: { echo: HELLO.input, knows_context: true } });
    const refused = await site.ask('/v1/project', { bearer: token });
    for (const answer of [made, shown, invoked, refused])
      expect(JSON.stringify([answer.headers, answer.text])).not.toMatch(/hidden-customer|quotaLimit|424242/);
  });

  it('have no metadata and no context unless they were given some', async () => {
    const site = await start();
    const { token } = await site.clientToken(await site.key(site.projects[0]));
    expect(valueAt((await site.ask('/client/token', { bearer: token })).json, 'publicMetadata')).toEqual({});
    const invoked = await site.ask('/client/agents/echo/invoke', { method: 'POST', bearer: token, body: HELLO });
    expect(valueAt(invoked.json, 'output', 'knows_context')).toBe(false);
  });

  it('invoke agents only where they may', async () => {
    const site = await start();
    const bearer = await site.key(site.projects[0]);
    const invoked = async (permissions: readonly string[] | undefined, agent = 'echo') => {
      const { token } = await site.clientToken(bearer, permissions === undefined ? {} : { permissions });
      expect((await site.ask('/client/token', { bearer: token })).status).toBe(200);
      return site.ask(`/client/agents/${agent}/invoke`, { method: 'POST', bearer: token, body: HELLO });
    };
    expect((await invoked(undefined)).status).toBe(200);
    expect((await invoked(['agents:chat', 'agents:invoke'])).status).toBe(200);
    for (const permissions of [['agents:chat'], []]) {
      const refused = await invoked(permissions);
      expect(errorOf(refused)).toEqual([403, 'forbidden']);
      expect(refused.headers['www-authenticate']).toBe('Bearer error="insufficient_scope", scope="agents:invoke"');
    }
    expect(errorOf(await invoked(undefined, 'nobody'))).toEqual([404, 'not_found']);
  });

  it('reach no path but the two below /client', async () => {
    const site = await start();
    const { id, token: bearer } = await site.clientToken(await site.key(site.projects[0]));
    for (const [method, path] of [
      ['GET', '/v1/project'],
      ['POST', CLIENT_TOKENS],
      ['GET', CLIENT_TOKENS],
      ['DELETE', `${CLIENT_TOKENS}/${id}`],
      ['POST', '/v1/agents/echo/invoke'],
      ['GET', '/v1/agents'],
      ['PUT', '/v1/deployments/7'],
      ['GET', '/client/agents'],
      ['DELETE', '/client/token'],
      ['GET', '/'],
    ] as const) {
      expect(errorOf(await site.ask(path, { method, bearer, headers: { 'x-project': site.projects[0] } })), `${method} ${path}`).toEqual([403, 'forbidden']);
    }
    expect((await site.ask('/client/token', { bearer })).status).toBe(200);
  });

  it('are the only ones that reach /client', async () => {
    const site = await start();
    const [key, personal] = [await site.key(site.projects[0]), await site.personalToken()];
    for (const bearer of [key, personal]) {
      for (const headers of [{}, { 'x-project': site.projects[0] }]) {
        expect(errorOf(await site.ask('/client/token', { bearer, headers }))).toEqual([403, 'forbidden']);
        expect(errorOf(await site.ask('/client/agents/echo/invoke', { method: 'POST', bearer, headers, body: HELLO }))).toEqual([403, 'forbidden']);
      }
      expect(errorOf(await site.ask('/v1/nothing', { bearer }))).toEqual([404, 'not_found']);
    }
    expect(errorOf(await site.ask('/client/token'))).toEqual([401, 'unauthorized']);
  });

  it('end at once when they are revoked, by their own project only', async () => {
    const site = await start();
    const [one, two] = [await site.key(site.projects[0]), await site.key(site.projects[1])];
    const personal = await site.personalToken();
    const { id, token } = await site.clientToken(one);
    const other = await site.clientToken(one);
    const revoke = (bearer: string, headers = {}) => site.ask(`${CLIENT_TOKENS}/${id}`, { method: 'DELETE', bearer, headers });
    expect(errorOf(await revoke(two))).toEqual([404, 'not_found']);
    expect(errorOf(await revoke(personal, { 'x-project': site.projects[1] }))).toEqual([404, 'not_found']);
    expect((await site.ask('/client/token', { bearer: token })).status).toBe(200);
    expect(await revoke(personal, { 'x-project': site.projects[0] })).toMatchObject({ status: 204, text: '' });
    expect(errorOf(await site.ask('/client/token', { bearer: token }))).toEqual([401, 'unauthorized']);
    expect((await site.ask('/client/token', { bearer: other.token })).status).toBe(200);
    expect(errorOf(await revoke(one))).toEqual([404, 'not_found']);
  });
});

describe('the limit of reminix', () => {
  const start = sites();

  it('is told on every answer, refusals included', async () => {
    const site = await start({ clock: () => NOON });
    const bearer = await site.key(site.projects[0]);
    const { token } = await site.clientToken(bearer);
    const answers = [
      await site.ask('/v1/project', { bearer }),
      await site.ask('/v1/project', { bearer: token }),
      await site.ask('/client/token', { bearer: token }),
      await site.ask('/v1/project'),
      await site.ask('/v1/nothing'),
      await site.ask(CLIENT_TOKENS, { method: 'POST', bearer, body: { ttlSeconds: 0 } }),
      await site.ask(`${CLIENT_TOKENS}/ct_x`, { method: 'DELETE', bearer }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 403, 200, 401, 404, 400, 404]);
    for (const { headers } of answers) {
      expect(headers['x-ratelimit-limit']).toBe('1000000');
      expect(headers['x-ratelimit-reset']).toBe(String(NOON / 1000 + 3600));
    }
    // Each credential has its own count, and whoever has none shares one.
    expect(answers.map(({ headers }) => headers['x-ratelimit-remaining'])).toEqual([2, 1, 2, 1, 2, 3, 4].map((used) => String(1_000_000 - used)));
  });

  it('stops one credential and no other, until its hour is over', async () => {
    const site = await start({ requestsPerHour: 3, clock: () => NOON });
    const [bearer, other] = [await site.key(site.projects[0]), await site.key(site.projects[0])];
    const project = () => site.ask('/v1/project', { bearer });
    expect((await project()).headers['x-ratelimit-remaining']).toBe('2');
    site.realm.advanceClock(600_000);
    expect((await project()).headers['x-ratelimit-remaining']).toBe('1');
    expect(await project()).toMatchObject({ status: 200, headers: { 'x-ratelimit-remaining': '0' } });
    const stopped = await project();
    expect(errorOf(stopped)).toEqual([429, 'rate_limited']);
    expect(stopped.headers).toMatchObject({
      'retry-after': '3000',
      'x-ratelimit-limit': '3',
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': String(NOON / 1000 + 3600),
    });
    expect((await site.ask('/v1/project', { bearer: other })).status).toBe(200);
    site.realm.advanceClock(3_000_000 - 1);
    expect((await project()).headers['retry-after']).toBe('1');
    site.realm.advanceClock(1);
    expect(await project()).toMatchObject({ status: 200, headers: { 'x-ratelimit-remaining': '2', 'x-ratelimit-reset': String(NOON / 1000 + 7200) } });
  });
});

describe('the dashboard of reminix', () => {
  const start = sites();
  const press = (site: Site, body: Readonly<Record<string, string>>) =>
    site.ask('/dashboard', { method: 'POST', headers: { origin: site.realm.origin }, body: new URLSearchParams(body) });

  it('offers on its page what programs can ask for', async () => {
    const site = await start();
    const [first, second] = site.projects;
    const page = await site.ask('/dashboard');
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
    for (const id of ['make-key', 'make-personal-access-token', 'list-projects', `leave-${first}`, `leave-${second}`])
      expect(page.text).toContain(`id="${id}"`);
    const made = await press(site, { make: 'key', project: first });
    const [key] = /reminix_sk_[A-Za-z0-9_-]{43}/.exec(made.text) ?? [''];
    expect((await site.ask('/v1/project', { bearer: key })).status).toBe(200);
    expect((await press(site, { make: 'personal-access-token' })).text).toMatch(/reminix_pat_[A-Za-z0-9_-]{43}/);
    expect((await press(site, { list: 'projects' })).text).toContain(first);
    expect((await press(site, { leave: first })).status).toBe(200);
    const after = (await site.ask('/dashboard')).text;
    expect(after).not.toContain(first);
    expect(after).toContain(second);
  });

  it('wants to know of which project', async () => {
    const site = await start();
    expect(errorOf(await site.desk({ make: 'key' }))).toEqual([400, 'invalid_request']);
    expect(errorOf(await site.desk({ make: 'key', project: 'proj_nobody' }))).toEqual([403, 'forbidden']);
  });
});

describe('what happens at reminix', () => {
  const start = sites();

  it('is counted, and goes wrong on request, by the name of the route', async () => {
    const site = await start();
    const bearer = await site.key(site.projects[0]);
    site.realm.stats.reset();
    const { id, token } = await site.clientToken(bearer);
    await site.ask('/v1/project', { bearer });
    await site.ask('/v1/agents/echo/invoke', { method: 'POST', bearer, body: HELLO });
    await site.ask('/client/agents/echo/invoke', { method: 'POST', bearer: token, body: HELLO });
    await site.ask('/client/token', { bearer: token });
    await site.ask(`${CLIENT_TOKENS}/${id}`, { method: 'DELETE', bearer });
    expect(site.realm.stats.all()).toEqual({
      'client-tokens.create': 1,
      project: 1,
      'agents.invoke': 1,
      'client-agents.invoke': 1,
      'client-token.show': 1,
      'client-tokens.revoke': 1,
    });
    site.realm.faults.next('project', { kind: 'status', status: 503 });
    expect(errorOf(await site.ask('/v1/project', { bearer }))).toEqual([503, 'unavailable']);
  });

  it('can be made to go wrong over the wire as well, where that was asked for', async () => {
    const site = await start({ faultControl: true });
    const ordered = await site.ask('/_faults', { method: 'POST', body: { route: 'project', fault: { kind: 'rate-limit', retryAfter: 7 } } });
    expect(ordered.status).toBe(204);
    expect((await site.ask('/v1/project')).headers['retry-after']).toBe('7');
  });
});
