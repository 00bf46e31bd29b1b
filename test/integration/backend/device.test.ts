import { describe, expect, it } from 'vitest';

import type { LocalRealm } from '../../../src/backend/start.ts';
import type { BackendTuning } from '../../../src/backend/tuning.ts';
import { approveDevice } from '../../support/person.ts';
import { ask, backends, refresh, register, textAt, valueAt, type Answer } from './running.ts';

const GRANT = 'urn:ietf:params:oauth:grant-type:device_code';

interface Asked {
  readonly realm: LocalRealm;
  readonly clientId: string;
  readonly json: unknown;
  /** Asks for the tokens once. */
  poll(): Promise<Answer>;
}

describe('sign-in of a device (RFC 8628)', () => {
  const start = backends();

  async function asked(tuning: BackendTuning = {}, more: Readonly<Record<string, string>> = {}): Promise<Asked> {
    const { realm } = await start({ device: true, ...tuning });
    const clientId = await register(realm.origin, { grant_types: [GRANT, 'refresh_token'], response_types: [], redirect_uris: [] });
    const body = new URLSearchParams({ client_id: clientId, ...more });
    const { json } = await ask(realm.origin, '/oauth/device_authorization', { method: 'POST', body });
    const poll = (): Promise<Answer> => {
      const form = new URLSearchParams({ grant_type: GRANT, client_id: clientId, device_code: textAt(json, 'device_code') });
      return ask(realm.origin, '/oauth/token', { method: 'POST', body: form });
    };
    return { realm, clientId, json, poll };
  }

  it('gives a code to type and an address to type it at, and tells how long and how often', async () => {
    const { realm, json } = await asked();
    const metadata = (await ask(realm.origin, '/.well-known/oauth-authorization-server')).json;
    expect(textAt(metadata, 'device_authorization_endpoint')).toBe(`${realm.origin}/oauth/device_authorization`);
    expect(valueAt(metadata, 'grant_types_supported')).toContain(GRANT);
    const userCode = textAt(json, 'user_code');
    expect(userCode).toMatch(/^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/);
    expect(json).toEqual({
      device_code: textAt(json, 'device_code'),
      user_code: userCode,
      verification_uri: `${realm.origin}/oauth/device`,
      verification_uri_complete: `${realm.origin}/oauth/device?user_code=${userCode}`,
      expires_in: 600,
      interval: 5,
    });
  });

  it.each([
    ['types the code', 'verification_uri'],
    ['follows the link', 'verification_uri_complete'],
  ])('gives working tokens once the person %s, confirms and allows', async (_title, field) => {
    const { realm, clientId, json, poll } = await asked();
    expect(await poll()).toMatchObject({ status: 400, json: { error: 'authorization_pending' } });
    const wishes = { decision: 'allow', email: 'ann@keywright.test' } as const;
    const typed = field === 'verification_uri' ? { userCode: textAt(json, 'user_code').toLowerCase().replace('-', ' ') } : {};
    expect(await approveDevice(textAt(json, field), { ...wishes, ...typed })).toContain('The device is signed in');
    realm.advanceClock(5_000);
    const tokens = await poll();
    expect(tokens).toMatchObject({ status: 200, json: { token_type: 'Bearer', scope: 'memax:read memax:write' } });
    const me = await ask(realm.origin, '/v1/auth/me', { bearer: textAt(tokens.json, 'access_token') });
    expect(textAt(me.json, 'data', 'user', 'email')).toBe('ann@keywright.test');
    expect((await refresh(realm.origin, clientId, textAt(tokens.json, 'refresh_token'))).status).toBe(200);
    expect(realm.stats.count('token.device')).toBe(2);
  });

  it('gives no more than was asked for', async () => {
    const { json, poll } = await asked({}, { scope: 'memax:read' });
    await approveDevice(textAt(json, 'verification_uri_complete'), { decision: 'allow' });
    expect(textAt((await poll()).json, 'scope')).toBe('memax:read');
  });

  it('gives tokens once', async () => {
    const { realm, json, poll } = await asked();
    await approveDevice(textAt(json, 'verification_uri_complete'), { decision: 'allow' });
    const first = await poll();
    expect(await poll()).toMatchObject({ status: 400, json: { error: 'invalid_grant' } });
    expect((await ask(realm.origin, '/v1/auth/me', { bearer: textAt(first.json, 'access_token') })).status).toBe(401);
  });

  it('tells the device when the person does not allow it', async () => {
    const { json, poll } = await asked();
    expect(await approveDevice(textAt(json, 'verification_uri_complete'), { decision: 'deny' })).toContain('The device was not signed in');
    expect(await poll()).toMatchObject({ status: 400, json: { error: 'access_denied' } });
  });

  it('asks a device that asks too often to slow down, by five seconds more each time', async () => {
    const { realm, poll } = await asked();
    const errors: unknown[] = [];
    for (const wait of [0, 4_000, 9_000, 15_000]) {
      realm.advanceClock(wait);
      errors.push(valueAt((await poll()).json, 'error'));
    }
    expect(errors).toEqual(['authorization_pending', 'slow_down', 'slow_down', 'authorization_pending']);
  });

  it('says that a code has expired, to the device and to the person', async () => {
    const { realm, json, poll } = await asked({ deviceCodeSeconds: 60 });
    realm.advanceClock(61_000);
    expect(await poll()).toMatchObject({ status: 400, json: { error: 'expired_token' } });
    await expect(approveDevice(textAt(json, 'verification_uri_complete'), { decision: 'allow' })).rejects.toThrow('This code has expired');
  });

  it('knows only its own codes, and each for the client that asked', async () => {
    const { realm, json, poll } = await asked();
    const stranger = await register(realm.origin, { grant_types: [GRANT], response_types: [], redirect_uris: [] });
    const form = new URLSearchParams({ grant_type: GRANT, client_id: stranger, device_code: textAt(json, 'device_code') });
    expect(await ask(realm.origin, '/oauth/token', { method: 'POST', body: form })).toMatchObject({ status: 400, json: { error: 'invalid_grant' } });
    await expect(approveDevice(`${realm.origin}/oauth/device`, { decision: 'allow', userCode: 'XXXX-XXXX' })).rejects.toThrow('There is no such code');
    expect((await poll()).status).toBe(400);
  });

  it('is not there unless it is switched on', async () => {
    const { origin } = (await start()).realm;
    const { json } = await ask(origin, '/.well-known/oauth-authorization-server');
    expect(Object.keys(Object(json))).not.toContain('device_authorization_endpoint');
    expect(valueAt(json, 'grant_types_supported')).not.toContain(GRANT);
    expect((await ask(origin, '/oauth/device')).status).toBe(404);
    expect((await ask(origin, '/oauth/device_authorization', { method: 'POST', body: new URLSearchParams({ client_id: 'x' }) })).status).toBe(404);
  });

  describe('its pages', () => {
    async function pages(): Promise<{
      readonly origin: string;
      readonly code: Answer;
      readonly confirm: Answer;
      readonly cookie: string;
      readonly form: URLSearchParams;
    }> {
      const { realm, json } = await asked();
      const code = await ask(realm.origin, `/oauth/device?user_code=${textAt(json, 'user_code')}`);
      const cookie = [...(code.headers['set-cookie'] ?? '').matchAll(/(_[a-z_.]+=[^;,]*)/g)].map(([, pair]) => pair).join('; ');
      const xsrf = /name="xsrf" value="([^"]+)"/.exec(code.text)?.[1] ?? '';
      const form = new URLSearchParams({ xsrf, user_code: textAt(json, 'user_code') });
      const confirm = await ask(realm.origin, '/oauth/device', { method: 'POST', headers: { cookie }, body: form });
      return { origin: realm.origin, code, confirm, cookie, form };
    }

    it('are labelled, without scripts, and show the code once more to who followed a link', async () => {
      const { code, confirm, form } = await pages();
      for (const page of [code, confirm]) {
        expect(page.status).toBe(200);
        expect(page.text).toContain('<html lang="en">');
        expect(page.text.match(/<h1[ >]/g)).toHaveLength(1);
        expect(page.text).not.toMatch(/<script|<img|<link|@import|url\(|src=|\son[a-z]+=/i);
        expect(page.headers['content-security-policy']).toMatch(/default-src 'none'; .*form-action 'self'; .*frame-ancestors 'none'/);
        expect(page.headers['cache-control']).toBe('no-store');
      }
      expect(code.text).toContain('<label for="user_code">');
      expect(code.text).toContain(`value="${form.get('user_code')}"`);
      expect(confirm.text).toContain(`<h1>Does your device show ${form.get('user_code')}?</h1>`);
      expect(confirm.text).toContain('<strong>Keywright</strong>');
    });

    it('take a form from their own origin, and from the browser that they were shown in', async () => {
      const { origin, cookie, form } = await pages();
      const foreign = await ask(origin, '/oauth/device', { method: 'POST', headers: { cookie, origin: 'http://127.0.0.1:1' }, body: form });
      expect(foreign.status).toBe(403);
      const withoutCookie = await ask(origin, '/oauth/device', { method: 'POST', body: form });
      expect([withoutCookie.status, withoutCookie.text.includes('This page is too old')]).toEqual([400, true]);
    });

    it('show a hostile code as text', async () => {
      const { realm } = await asked();
      const page = await ask(realm.origin, `/oauth/device?user_code=${encodeURIComponent('"><script>alert(1)</script>')}`);
      expect(page.text).not.toContain('<script>');
      expect(page.text).toContain('value="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"');
    });

    it('say where a code is wrong, at the field', async () => {
      const { origin, cookie, form } = await pages();
      form.set('user_code', 'nothing');
      const page = await ask(origin, '/oauth/device', { method: 'POST', headers: { cookie }, body: form });
      expect(page.status).toBe(400);
      expect(page.text).toMatch(/aria-invalid="true" aria-describedby="code-problem"/);
      expect(page.text).toMatch(/id="code-problem" role="alert"/);
    });

    it('let the person say that it is not their device', async () => {
      const { realm, json, poll } = await asked();
      const code = await ask(realm.origin, '/oauth/device');
      const cookie = [...(code.headers['set-cookie'] ?? '').matchAll(/(_[a-z_.]+=[^;,]*)/g)].map(([, pair]) => pair).join('; ');
      const xsrf = /name="xsrf" value="([^"]+)"/.exec(code.text)?.[1] ?? '';
      const body = new URLSearchParams({ xsrf, user_code: textAt(json, 'user_code'), abort: 'yes' });
      const page = await ask(realm.origin, '/oauth/device', { method: 'POST', headers: { cookie }, body });
      expect(page.text).toContain('The device was not signed in');
      expect(await poll()).toMatchObject({ json: { error: 'access_denied' } });
    });
  });
});
