import { describe, expect, it } from 'vitest';

import { checkPage } from './check-page.ts';
import { ask, backends, textAt } from './running.ts';

const PATH = '/dashboard';
const FORM = new URLSearchParams({ make: 'key', name: 'first', scopes: 'chat:read' });

/** A field of a page that has no name to be read out: neither a label around it, nor one that points at it. */
function namelessFields(html: string): readonly string[] {
  const wrapped = [...html.matchAll(/<label[^>]*>[\s\S]*?<\/label>/g)].map(([whole]) => whole).join('\n');
  return [...html.matchAll(/<(?:input|select|textarea)\b[^>]*>/g)]
    .map(([field]) => field)
    .filter((field) => !wrapped.includes(field) && !html.includes(`for="${/ id="([^"]+)"/.exec(field)?.[1] ?? ''}"`));
}

describe.each(['minds', 'reminix', 'agntix'])('the dashboard of %s', (id) => {
  const start = backends(id);

  it('is a page on which everything has a label', async () => {
    const { realm } = await start();
    const page = await ask(realm.origin, PATH);
    checkPage(page, 200);
    expect(page.text).toContain('<form method="post" action="/dashboard"');
    expect(namelessFields(page.text)).toEqual([]);
    const ids = [...page.text.matchAll(/\sid="([^"]+)"/g)].map(([, found]) => found);
    expect(new Set(ids).size).toBe(ids.length);
    expect(page.headers['content-security-policy']).toContain("form-action 'self';");
  });

  it('takes JSON from programs, and not from a page of another origin', async () => {
    const { realm } = await start();
    const body = { make: 'nothing-that-there-is' };
    expect((await ask(realm.origin, PATH, { method: 'POST', body })).status).toBe(400);
    expect((await ask(realm.origin, PATH, { method: 'POST', body, headers: { origin: 'http://127.0.0.1:1' } })).status).toBe(403);
    expect((await ask(realm.origin, PATH, { method: 'OPTIONS', headers: { origin: 'https://example.com' } })).headers).not.toHaveProperty(
      'access-control-allow-origin',
    );
  });

  it.each(['text/plain', 'application/jsonp', 'multipart/form-data; boundary=x', ''])('takes nothing that a page could send as %j', async (type) => {
    const { realm } = await start();
    const refused = await ask(realm.origin, PATH, { method: 'POST', body: JSON.stringify({ make: 'key' }), headers: { 'content-type': type } });
    expect(refused.status).toBe(415);
  });

  it.each([
    ['another site', 'https://example.com'],
    ['another port of this machine', 'http://127.0.0.1:1'],
    ['a page without an origin', 'null'],
    ['the same host by another scheme', 'https://127.0.0.1'],
  ])('takes no form of %s', async (_what, origin) => {
    const { realm } = await start();
    expect((await ask(realm.origin, PATH, { method: 'POST', body: FORM, headers: { origin } })).status).toBe(403);
  });

  it('takes no form that does not say where it comes from', async () => {
    const { realm } = await start();
    expect((await ask(realm.origin, PATH, { method: 'POST', body: FORM })).status).toBe(403);
  });

  it('says on its own page what is wrong with a form', async () => {
    const { realm } = await start();
    const page = await ask(realm.origin, PATH, { method: 'POST', body: new URLSearchParams({ make: '<b>' }), headers: { origin: realm.origin } });
    checkPage(page, 400);
    expect(page.text).toMatch(/<title>Error: /);
    expect(page.text).toMatch(/id="problem" role="alert"/);
  });
});

describe('a form of the dashboard', () => {
  const start = backends('agntix');

  it.each(['127.0.0.1', 'localhost'])('makes a key that is shown this once, on a page opened at %s', async (host) => {
    const { realm } = await start();
    const { port } = new URL(realm.origin);
    const body = new URLSearchParams([
      ['make', 'key'],
      ['name', 'by hand'],
      ['scopes', 'chat:read'],
      ['scopes', 'agents:read'],
    ]);
    const page = await ask(realm.origin, PATH, { method: 'POST', body, headers: { host: `${host}:${port}`, origin: `http://${host}:${port}` } });
    checkPage(page, 201);
    const key = /<code id="made-key">(pk_live_[\w-]{32})<\/code>/.exec(page.text)?.[1] ?? '';
    const headers = { 'x-api-key': key };
    const listed = await ask(realm.origin, '/v1/chat/api-keys', { headers });
    expect(listed.json).toMatchObject({ data: [{ name: 'by hand', scopes: ['chat:read', 'agents:read'] }] });
    expect((await ask(realm.origin, PATH)).text).not.toContain(key);
    expect(listed.text).not.toContain(key);
  });

  it('says that a name is taken, without believing it to be HTML', async () => {
    const { realm } = await start();
    const body = new URLSearchParams({ make: 'key', name: '<i>"x"', scopes: 'chat:read' });
    const headers = { origin: realm.origin };
    await ask(realm.origin, PATH, { method: 'POST', body, headers });
    const page = await ask(realm.origin, PATH, { method: 'POST', body, headers });
    checkPage(page, 409);
    expect(page.text).toContain('&lt;i&gt;&quot;x&quot;');
    expect(page.text).not.toContain('<i>');
  });

  it('takes a box that is not ticked for a no, and a field that is left empty for the usual', async () => {
    const { realm } = await start();
    const body = new URLSearchParams({ make: 'session-token', expires_in: '', role: 'admin' });
    const page = await ask(realm.origin, PATH, { method: 'POST', body, headers: { origin: realm.origin } });
    const token = /<code id="made-token">([\w.-]+)<\/code>/.exec(page.text)?.[1] ?? '';
    const claims: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
    expect(claims).not.toHaveProperty('o');
    expect(claims).toMatchObject({ exp: Reflect.get(Object(claims), 'iat') + 3600 });
  });

  it.each([
    { make: 'key', name: 7, scopes: ['chat:read'] },
    { make: 'key', name: 'a\0b', scopes: ['chat:read'] },
    { make: 'key', name: 'x', scopes: 'chat:read' },
    { make: 'key', name: 'x', scopes: ['chat:read\0'] },
    { make: 'session-token', expires_in: 1.5 },
    { make: 'session-token', expires_in: '60' },
    { make: 'session-token', expires_in: 0 },
    { make: 'session-token', expires_in: 86_401 },
    { make: 'session-token', organization: 'yes' },
    { make: 'session-token', role: 'king' },
    { make: 'toString' },
    { set: 'key' },
    [],
  ])('is not understood as %j', async (body) => {
    const { realm } = await start();
    const answer = await ask(realm.origin, PATH, { method: 'POST', body });
    expect([answer.status, textAt(answer.json, 'error', 'code')]).toEqual([400, 'invalid_request']);
  });
});
