import { describe, expect, it } from 'vitest';

import type { LocalRealm } from '../../../src/backend/start.ts';
import { checkPage } from './check-page.ts';
import { ask, authorization, backends, register, type Answer } from './running.ts';

/** Walks by hand, to look at each page. */
async function signInPage(realm: LocalRealm, clientName: string): Promise<{ readonly page: Answer; readonly path: string; readonly cookie: string }> {
  const clientId = await register(realm.origin, { client_name: clientName });
  const { url } = authorization(realm.origin, clientId);
  const begun = await ask(realm.origin, url.pathname + url.search);
  const path = begun.headers['location'] ?? '';
  const cookie = cookiesOf(begun);
  return { page: await ask(realm.origin, path, { headers: { cookie } }), path, cookie };
}

async function consentPage(realm: LocalRealm, clientName: string): Promise<{ readonly page: Answer; readonly path: string; readonly cookie: string }> {
  const { path, cookie } = await signInPage(realm, clientName);
  const signedIn = await ask(realm.origin, `${path}/sign-in`, { method: 'POST', headers: { cookie }, body: new URLSearchParams({ with: 'google' }) });
  const resumed = await ask(realm.origin, new URL(signedIn.headers['location'] ?? '').pathname, { headers: { cookie } });
  const next = resumed.headers['location'] ?? '';
  const all = cookiesOf(resumed);
  return { page: await ask(realm.origin, next, { headers: { cookie: all } }), path: next, cookie: all };
}

function cookiesOf(answer: Answer): string {
  return [...(answer.headers['set-cookie'] ?? '').matchAll(/(_[a-z_.]+=[^;,]*)/g)].map(([, pair]) => pair).join('; ');
}

describe('the pages of a sign-in', () => {
  const start = backends();

  it('ask who one is, with labels and without scripts', async () => {
    const { realm } = await start();
    const { page } = await signInPage(realm, 'Keywright');
    checkPage(page, 200);
    expect(page.text).toContain('<label for="email">');
    expect(page.text).toMatch(/<input id="email" name="email" type="email"/);
    expect(page.text).toContain('id="continue-github"');
    expect(page.text).toContain('id="continue-google"');
  });

  it('say who asks for what, and let a form lead back to the client only', async () => {
    const { realm } = await start();
    const { page } = await consentPage(realm, 'Keywright');
    checkPage(page, 200);
    expect(page.text).toContain('Allow Keywright to use your Memax account?');
    expect(page.text).toContain('demo@keywright.test');
    expect(page.text).toContain('Read your memories');
    expect(page.text).toContain('Add, change and delete memories');
    expect(page.text).toMatch(/<button type="submit"[^>]* id="allow" name="decision" value="allow">/);
    expect(page.text).toMatch(/<button type="submit"[^>]* id="deny" name="decision" value="deny">/);
    expect(page.headers['content-security-policy']).toContain("form-action 'self' http://127.0.0.1:49152;");
  });

  it('ask again who one is in a browser that was here before', async () => {
    const { realm } = await start();
    const { cookie } = await consentPage(realm, 'Keywright');
    expect(cookie).toContain('_session=');
    const { url } = authorization(realm.origin, await register(realm.origin));
    const begun = await ask(realm.origin, url.pathname + url.search, { headers: { cookie } });
    const page = await ask(realm.origin, begun.headers['location'] ?? '', { headers: { cookie: cookiesOf(begun) } });
    expect(page.text).toContain('id="continue-github"');
  });

  it('show a hostile client name as text', async () => {
    const { realm } = await start();
    const name = `<script>alert(1)</script>"'&`;
    for (const { page } of [await signInPage(realm, name), await consentPage(realm, name)]) {
      expect(page.text).not.toContain('<script>');
      expect(page.text).toContain('&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;');
    }
  });

  it('keep their cookies from scripts and other sites', async () => {
    const { realm } = await start();
    const { url } = authorization(realm.origin, await register(realm.origin));
    const begun = await ask(realm.origin, url.pathname + url.search);
    const cookies = (begun.headers['set-cookie'] ?? '').split(/, (?=_)/);
    expect(cookies.map((cookie) => cookie.split('=')[0])).toEqual(['_interaction', '_interaction.sig', '_interaction_resume', '_interaction_resume.sig']);
    for (const cookie of cookies) expect(cookie).toMatch(/samesite=lax; httponly/i);
  });

  it('say what is wrong with an address, where it was typed', async () => {
    const { realm } = await start();
    const { path, cookie } = await signInPage(realm, 'Keywright');
    const answer = await ask(realm.origin, `${path}/sign-in`, { method: 'POST', headers: { cookie }, body: new URLSearchParams({ email: 'nobody' }) });
    expect(answer.status).toBe(400);
    expect(answer.text).toMatch(/aria-invalid="true" aria-describedby="email-problem"/);
    expect(answer.text).toMatch(/id="email-problem" role="alert"/);
  });

  it('say to start again when there is no such sign-in, or it is another browser that asks', async () => {
    const { realm } = await start();
    const { path, cookie } = await signInPage(realm, 'Keywright');
    const strangers = [
      await ask(realm.origin, '/oauth/interaction/unknown'),
      await ask(realm.origin, path),
      await ask(realm.origin, '/oauth/interaction/unknown', { headers: { cookie } }),
      await ask(realm.origin, `${path}/consent`, { method: 'POST', body: new URLSearchParams({ decision: 'allow' }) }),
      await ask(realm.origin, `${path}/consent`, { method: 'POST', headers: { cookie }, body: new URLSearchParams({ decision: 'allow' }) }),
    ];
    for (const answer of strangers) {
      expect(answer.status).toBe(400);
      expect(answer.text).toContain('start again');
      expect(answer.text).not.toContain('<form');
    }
  });

  it('say to start again when it took too long', async () => {
    const { realm } = await start();
    const { path, cookie } = await signInPage(realm, 'Keywright');
    realm.advanceClock(2 * 3600 * 1000);
    const answer = await ask(realm.origin, path, { headers: { cookie } });
    expect(answer.status).toBe(400);
    expect(answer.text).toContain('start again');
  });

  it('take a form from their own origin only', async () => {
    const { realm } = await start();
    const { path, cookie } = await consentPage(realm, 'Keywright');
    const body = new URLSearchParams({ decision: 'allow' });
    const foreign = await ask(realm.origin, `${path}/consent`, { method: 'POST', headers: { cookie, origin: 'http://127.0.0.1:1' }, body });
    expect(foreign.status).toBe(403);
    const own = await ask(realm.origin, `${path}/consent`, { method: 'POST', headers: { cookie, origin: realm.origin }, body });
    expect(own.status).toBe(303);
  });

  it('say what is wrong with a request that cannot go back to its client', async () => {
    const { realm } = await start();
    const { url } = authorization(realm.origin, 'no<b>body');
    const answer = await ask(realm.origin, url.pathname + url.search, { headers: { accept: 'text/html' } });
    expect(answer.status).toBe(400);
    expect(answer.text).toContain('This sign-in cannot go on');
    expect(answer.text).not.toContain('<b>');
    expect(answer.headers['content-security-policy']).toContain("default-src 'none'");
  });
});
