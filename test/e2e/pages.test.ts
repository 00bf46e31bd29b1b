import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type LocalBackend, startBackend } from '../../src/backend/start.ts';
import { listenOnLoopback, type LoopbackListener } from '../../src/oauth/loopback.ts';
import { PAGES } from '../../src/oauth/pages.ts';
import { ask, authorization, register, textAt } from '../integration/backend/running.ts';
import { launchChromium, textsIn } from '../support/chromium.ts';
import { faultsOf, focused, pressOn, tabStops } from '../support/page-audit.ts';
import { describeWith } from '../support/requires.ts';

const DEVICE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code';

/** A name that tries to be markup, one that never breaks, and one that turns round what stands beside it. */
const HOSTILE_NAMES = [
  ['markup', `<img src=x onerror=alert(1)>"'&</title><script>alert(1)</script>`],
  ['no place to break', 'x'.repeat(4000)],
  ['another direction', '\u202Eevil \u05E9\u05DC\u05D5\u05DD\u2066'],
] as const;
/** As long as the server takes them, without a place to break. */
const LONG_EMAIL = `${'a'.repeat(64)}@${`${'b'.repeat(60)}.`.repeat(2)}example`;

describeWith(['chromium'], 'the pages that a browser is shown', () => {
  let browser: Browser;
  let backend: LocalBackend;
  let origin: string;

  beforeAll(async () => {
    [browser, backend] = await Promise.all([launchChromium(), startBackend({ realms: [], dataDir: undefined, port: 0 }, { device: true })]);
    origin = backend.realm('memax').origin;
  });

  afterAll(async () => {
    await browser.close();
    await backend.stop();
  });

  /** A page whose policy is in force, with the complaints of the browser that it was broken. */
  async function opened(options: BrowserContextOptions = {}): Promise<{ readonly page: Page; readonly refused: readonly string[]; close(): Promise<void> }> {
    const context = await browser.newContext(options);
    const page = await context.newPage();
    const refused: string[] = [];
    page.on('console', (message) => {
      if (message.text().includes('Content Security Policy')) refused.push(message.text());
    });
    return { page, refused, close: () => context.close() };
  }

  /** Runs a story in a browser without cookies, and fails where a page asked for more than its policy allows. */
  async function inBrowser(options: BrowserContextOptions, story: (page: Page) => Promise<void>): Promise<void> {
    const { page, refused, close } = await opened(options);
    try {
      await story(page);
      expect(refused).toEqual([]);
    } finally {
      await close();
    }
  }

  async function listening<T>(story: (listener: LoopbackListener) => Promise<T>): Promise<T> {
    const listener = await listenOnLoopback();
    try {
      return await story(listener);
    } finally {
      await listener.close();
    }
  }

  /** The address that a client sends the browser to, and the way back to it. */
  async function signIn(name = 'keywright', redirectUri = 'http://127.0.0.1:49152/callback'): Promise<string> {
    const clientId = await register(origin, { client_name: name, redirect_uris: [redirectUri] });
    return authorization(origin, clientId, { redirect_uri: redirectUri }).url.href;
  }

  async function deviceCode(name = 'keywright'): Promise<{ readonly userCode: string; readonly address: string; readonly withCode: string }> {
    const clientId = await register(origin, { client_name: name, grant_types: [DEVICE_GRANT, 'refresh_token'], response_types: [], redirect_uris: [] });
    const { json } = await ask(origin, '/oauth/device_authorization', { method: 'POST', body: new URLSearchParams({ client_id: clientId }) });
    return { userCode: textAt(json, 'user_code'), address: textAt(json, 'verification_uri'), withCode: textAt(json, 'verification_uri_complete') };
  }

  const heading = (page: Page): Promise<string | null> => page.getByRole('heading', { level: 1 }).textContent();

  /** Waits for the page with this heading; gives what is wrong with it. */
  async function faultsAt(page: Page, title: string): Promise<readonly string[]> {
    await page.getByRole('heading', { level: 1, name: title }).waitFor();
    return (await faultsOf(page)).map((fault) => `${title}: ${fault}`);
  }

  describe('in every state, in light and dark, wide and at 400 %', () => {
    it('of the client: every end', async () => {
      await inBrowser({}, (page) =>
        listening(async (listener) => {
          for (const closing of Object.values(PAGES)) {
            const reached = listener.callback('the-state', new AbortController().signal, () => undefined);
            const shown = page.goto(`${listener.redirectUri}?code=c&state=the-state`);
            await (await reached).answer(closing);
            const response = await shown;
            expect([response?.status(), response?.headers()['cache-control'], response?.headers()['referrer-policy']]).toEqual([
              closing.status,
              'no-store',
              'no-referrer',
            ]);
            expect(await faultsAt(page, closing.title)).toEqual([]);
          }
        }),
      );
    });

    it('of a sign-in: who are you, what was wrong, do you allow this', async () => {
      await inBrowser({}, async (page) => {
        await page.goto(await signIn());
        expect(await faultsAt(page, 'Sign in to Memax')).toEqual([]);
        await page.locator('#email').fill(`${'a'.repeat(65)}@example.com`);
        await page.locator('#continue-email').click();
        await page.getByText('Write an address such as').waitFor();
        expect(await page.title()).toBe('Error: Sign in to Memax');
        expect(await faultsAt(page, 'Sign in to Memax')).toEqual([]);
        await page.locator('#email').fill(LONG_EMAIL);
        await page.locator('#continue-email').click();
        expect(await faultsAt(page, 'Allow keywright to use your Memax account?')).toEqual([]);
      });
    });

    it.each(HOSTILE_NAMES)('of a client with a hostile name: %s', async (_what, name) => {
      await inBrowser({}, async (page) => {
        await page.goto(await signIn(name, `http://127.0.0.1:49152/${'callback'.repeat(40)}`));
        expect(await faultsAt(page, 'Sign in to Memax')).toEqual([]);
        await page.locator('#continue-github').click();
        expect(await faultsAt(page, 'Allow ')).toEqual([]);
        expect((await heading(page))?.length).toBeLessThan(130);
        await page.goto((await deviceCode(name)).withCode);
        await page.locator('#continue').click();
        expect(await faultsAt(page, 'Does your device show')).toEqual([]);
      });
    });

    it('of a sign-in that cannot go on', async () => {
      await inBrowser({}, async (page) => {
        await page.goto(`${origin}/oauth/interaction/unknown`);
        expect(await faultsAt(page, 'This sign-in is over')).toEqual([]);
        await page.goto(authorization(origin, `nobody-${'x'.repeat(300)}`).url.href);
        expect(await faultsAt(page, 'This sign-in cannot go on')).toEqual([]);
      });
    });

    it('of a device: its code, is it yours, and every end', async () => {
      await inBrowser({}, async (page) => {
        const { userCode, address, withCode } = await deviceCode();
        await page.goto(address);
        expect(await faultsAt(page, 'Sign in a device to Memax')).toEqual([]);
        await page.locator('#user_code').fill('WRONG-CODE-THAT-IS-AS-LONG-AS-IT-MAY-BE');
        await page.locator('#continue').click();
        await page.getByText('There is no such code').waitFor();
        expect(await page.title()).toBe('Error: Sign in a device to Memax');
        expect(await faultsAt(page, 'Sign in a device to Memax')).toEqual([]);
        await page.goto(withCode);
        expect(await faultsAt(page, 'Sign in a device to Memax')).toEqual([]);
        await page.locator('#continue').click();
        expect(await faultsAt(page, `Does your device show ${userCode}?`)).toEqual([]);
        await page.locator('#confirm').click();
        await page.locator('#continue-google').click();
        expect(await faultsAt(page, 'Allow keywright to use your Memax account?')).toEqual([]);
        await page.locator('#allow').click();
        expect(await faultsAt(page, 'The device is signed in')).toEqual([]);

        await page.goto(withCode);
        await page.locator('#continue').click();
        expect(await faultsAt(page, 'This code was used already')).toEqual([]);

        await page.goto((await deviceCode()).withCode);
        await page.locator('#continue').click();
        await page.locator('#abort').click();
        expect(await faultsAt(page, 'The device was not signed in')).toEqual([]);

        await page.goto((await deviceCode()).withCode);
        await page.context().clearCookies();
        await page.locator('#continue').click();
        expect(await faultsAt(page, 'This page is too old')).toEqual([]);
      });
    });

    it.each(['minds', 'reminix', 'agntix'])('of the dashboard of %s', async (id) => {
      const address = `${backend.realm(id).origin}/dashboard`;
      await inBrowser({}, async (page) => {
        await page.goto(address);
        const title = `${id[0]?.toUpperCase()}${id.slice(1)} dashboard`;
        expect(await faultsAt(page, title)).toEqual([]);
        for (const input of await page.locator('input[type=text]').all()) await input.fill('n'.repeat(100));
        await page.locator('button').first().click();
        expect(await faultsAt(page, ': done')).toEqual([]);
        await page.getByRole('link').click();
        // The page itself sends nothing wrong; an old one may.
        await textsIn(page, "[...document.querySelectorAll('button')].slice(0, 1).map((button) => (button.value = 'gone', button.form.noValidate = true, ''))");
        await page.locator('button').first().click();
        await page.getByRole('alert').waitFor();
        expect(await faultsAt(page, title)).toEqual([]);
      });
    });
  });

  describe.each([
    { colorScheme: 'light', viewport: { width: 1280, height: 800 } },
    { colorScheme: 'dark', viewport: { width: 320, height: 256 } },
  ] as const)('by keyboard alone and without JavaScript, in $colorScheme at $viewport.width px', (look) => {
    const options = { ...look, javaScriptEnabled: false };

    async function stopsAre(page: Page, ...ids: readonly string[]): Promise<void> {
      expect(await tabStops(page)).toEqual({ ids, faults: [] });
    }

    it.each([
      ['allow', 'done', null],
      ['deny', 'denied', 'access_denied'],
    ] as const)('a sign-in ends at %s', async (decision, closing, error) => {
      await inBrowser(options, (page) =>
        listening(async (listener) => {
          const reached = listener.callback('the-state', new AbortController().signal, () => undefined);
          await page.goto(await signIn('keywright', listener.redirectUri));
          await stopsAre(page, 'continue-github', 'continue-google', 'email', 'continue-email');
          await pressOn(page, 'continue-github', 'Space');
          await page.getByRole('heading', { name: 'Allow keywright' }).waitFor();
          await stopsAre(page, 'allow', 'deny');
          await pressOn(page, decision);
          const { url, answer } = await reached;
          expect(url.searchParams.get('error')).toBe(error);
          await answer(PAGES[closing]);
          await page.getByRole('heading', { name: PAGES[closing].title }).waitFor();
          await stopsAre(page);
        }),
      );
    });

    it('an address that was refused has the focus, and another one goes on', async () => {
      await inBrowser(options, async (page) => {
        await page.goto(await signIn());
        await pressOn(page, 'email', 'a');
        await page.keyboard.type(`${'a'.repeat(64)}@example.com`);
        await page.keyboard.press('Enter');
        await page.getByText('Write an address such as').waitFor();
        expect(await focused(page)).toEqual({ id: 'email', faults: [] });
        await page.keyboard.type('ada@example.com');
        await page.keyboard.press('Enter');
        await page.getByText('ada@example.com').waitFor();
      });
    });

    it('a device is signed in, after a code that was wrong', async () => {
      const { userCode, address } = await deviceCode();
      await inBrowser(options, async (page) => {
        await page.goto(address);
        await stopsAre(page, 'user_code', 'continue');
        await pressOn(page, 'user_code', 'X');
        await page.keyboard.press('Enter');
        await page.getByText('There is no such code').waitFor();
        expect(await focused(page)).toEqual({ id: 'user_code', faults: [] });
        await page.keyboard.press('Control+a');
        await page.keyboard.type(userCode);
        await page.keyboard.press('Enter');
        await page.getByRole('heading', { name: 'Does your device show' }).waitFor();
        await stopsAre(page, 'confirm', 'abort');
        await pressOn(page, 'confirm');
        await page.locator('#continue-google').waitFor();
        await pressOn(page, 'continue-google');
        await page.locator('#allow').waitFor();
        await pressOn(page, 'allow');
        await page.getByRole('heading', { name: 'The device is signed in' }).waitFor();
      });
    });

    it('a key is made at a dashboard', async () => {
      await inBrowser(options, async (page) => {
        await page.goto(`${backend.realm('minds').origin}/dashboard`);
        await stopsAre(page, 'make-key-name', 'make-key-button', 'plan=free', 'set-plan-button');
        await pressOn(page, 'make-key-button');
        await page.getByRole('heading', { name: 'Generate an API key: done' }).waitFor();
        expect(await page.locator('#made-key').textContent()).toMatch(/^[0-9a-zA-Z_-]{8,}$/);
      });
    });
  });

  it('keep their borders, focus and words in forced colours', async () => {
    await inBrowser({ forcedColors: 'active', reducedMotion: 'reduce' }, async (page) => {
      await page.goto(await signIn());
      await page.locator('#email').fill(`${'a'.repeat(65)}@example.com`);
      await page.locator('#continue-email').click();
      await page.getByText('Write an address such as').waitFor();
      const flat = `[...document.querySelectorAll('button, input, .wrong')].filter((element) => {
        const { borderTopWidth, borderTopColor, color } = getComputedStyle(element);
        const ground = getComputedStyle(document.body).backgroundColor;
        return color === ground || (!element.matches('.wrong') && (parseFloat(borderTopWidth) < 1 || borderTopColor === ground));
      }).map((element) => element.id)`;
      expect(await textsIn(page, flat)).toEqual([]);
      expect(await tabStops(page)).toMatchObject({ faults: [] });
    });
  });
});
