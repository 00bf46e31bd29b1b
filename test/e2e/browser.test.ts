import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { type LocalBackend, type LocalRealm, startBackend } from '../../src/backend/start.ts';
import { launchChromium } from '../support/chromium.ts';
import { makeStandIn, type StandIn } from '../support/browser.ts';
import { filesBelow, type Home, keywright, leadingTo, leftBehind, makeHome, type Running, start, until, type Variables } from '../support/cli.ts';
import { pressOn } from '../support/page-audit.ts';
import { describeWith } from '../support/requires.ts';

interface SignIn {
  readonly env: Variables;
  readonly login: Running;
  readonly page: Page;
  /** The address that the browser was given. */
  readonly address: string;
}

describeWith(['chromium'], 'a sign-in in a real browser, by keyboard', () => {
  let backend: LocalBackend;
  let realm: LocalRealm;
  let standIn: StandIn;
  let browser: Browser;
  const homes: Home[] = [];

  beforeAll(async () => {
    backend = await startBackend({ realms: ['memax'], dataDir: undefined, port: 0 });
    realm = backend.realm('memax');
    standIn = await makeStandIn();
    browser = await launchChromium();
  });

  afterAll(async () => {
    await browser.close();
    await backend.stop();
    await standIn.remove();
    const left = await leftBehind(
      homes.map((home) => home.dir),
      [backend],
    );
    await Promise.all(homes.map((home) => home.remove()));
    expect(left).toEqual([]);
  });

  /** Starts `login`, and opens the address that it hands to the browser in one without cookies. */
  async function begin(): Promise<SignIn> {
    const home = await makeHome();
    homes.push(home);
    const file = path.join(home.dir, 'address');
    const env = { ...home.env, ...leadingTo(realm), KEYWRIGHT_STORE: 'file' };
    const login = start({ ...env, BROWSER: standIn.handOver(file) }, ['login', 'memax']);
    const address = await until('the address', () => readFile(file, 'utf8').catch(() => undefined));
    const page = await (await browser.newContext()).newPage();
    await page.goto(address);
    return { env, login, page, address };
  }

  it('ends at the page that says so, and at a session', async () => {
    const { env, login, page } = await begin();
    await pressOn(page, 'continue-github');
    await page.getByRole('heading', { name: 'Allow keywright', exact: false }).waitFor();
    await pressOn(page, 'allow');
    await page.getByRole('heading', { name: 'You are signed in', exact: true }).waitFor();
    expect(await login.ended).toMatchObject({ code: 0, stdout: expect.stringContaining('Signed in to memax') });
    expect(await keywright(env, ['whoami'])).toMatchObject({ code: 0 });
  });

  it('takes a typed address, and shows it on the page that asks for consent', async () => {
    const { env, login, page } = await begin();
    await page.keyboard.press('Tab');
    await page.locator('#email').focus();
    await page.keyboard.type('ada@example.com');
    await page.keyboard.press('Enter');
    await page.getByText('ada@example.com').waitFor();
    await pressOn(page, 'allow');
    await page.getByRole('heading', { name: 'You are signed in', exact: true }).waitFor();
    expect(await login.ended).toMatchObject({ code: 0, stdout: expect.stringContaining('as ada@example.com') });
    expect(await keywright(env, ['whoami'])).toMatchObject({ stdout: expect.stringContaining('ada@example.com') });
  });

  it('says here and there that it was declined, and keeps nothing', async () => {
    const { env, login, page } = await begin();
    await pressOn(page, 'continue-github');
    await page.getByRole('heading', { name: 'Allow keywright', exact: false }).waitFor();
    await pressOn(page, 'deny');
    await page.getByRole('heading', { name: 'The sign-in was declined', exact: true }).waitFor();
    expect(await login.ended).toMatchObject({ code: 5, stdout: '', stderr: expect.stringContaining('error[consent-denied]') });
    expect(await keywright(env, ['whoami'])).toMatchObject({ code: 4, stderr: expect.stringContaining('error[signed-out]') });
    expect(filesBelow(env['XDG_STATE_HOME'] ?? '')).toEqual([]);
  });

  it('turns a redirect of somebody else away, and goes on waiting for its own', async () => {
    const { env, login, page, address } = await begin();
    const redirectUri = new URL(address).searchParams.get('redirect_uri') ?? '';
    const state = new URL(address).searchParams.get('state') ?? '';
    const stranger = await page.context().newPage();
    for (const query of [
      'code=stolen-code&state=another',
      'code=stolen-code',
      `code=stolen-code&state=${state}&state=another`,
      `error=access_denied&state=${state}x`,
    ]) {
      const response = await stranger.goto(`${redirectUri}?${query}`);
      expect(response?.status()).toBe(400);
      expect(await stranger.getByRole('heading').textContent()).toBe('This is not the sign-in that was started here');
    }
    await pressOn(page, 'continue-github');
    await page.getByRole('heading', { name: 'Allow keywright', exact: false }).waitFor();
    await pressOn(page, 'allow');
    await page.getByRole('heading', { name: 'You are signed in', exact: true }).waitFor();
    const ended = await login.ended;
    expect(ended).toMatchObject({ code: 0, stderr: expect.stringContaining('it was turned away. Still waiting.') });
    expect(await keywright(env, ['whoami'])).toMatchObject({ code: 0 });
  });
});
