import { tellOnce } from '../api/access.ts';
import { fixedAuthority } from '../api/authority.ts';
import { askIdentity } from '../api/identity.ts';
import { expiredToken } from '../api/jwt.ts';
import type { AccountRecord } from '../model/credentials.ts';
import type { Deps } from '../model/deps.ts';
import { Failure, failedWith } from '../model/failure.ts';
import type { Secret } from '../model/secret.ts';
import { type Authorization, beginAuthorization, completeAuthorization, pastedRedirect } from '../oauth/authorization.ts';
import { type Callback, listenOnLoopback, type LoopbackListener } from '../oauth/loopback.ts';
import { PAGES } from '../oauth/pages.ts';
import { prepareClient } from '../oauth/server.ts';
import { plainText } from '../render/plain-text.ts';
import { finishSignIn, type SignInPlace } from './finish-sign-in.ts';
import { serverOf } from './issuer.ts';
import { type KeepDeps, keepCredential } from './keep.ts';
import { during, withLimit } from './waiting.ts';

/** Long enough to find a password and a second factor; the provider's own pages give up at about the same time. */
const PERSON_LIMIT_MS = 5 * 60_000;

/** A pasted address with a long code and state is still far below this. */
const PASTE_MAX_BYTES = 16 * 1024;

export type SignInDeps = KeepDeps & Pick<Deps, 'prompt' | 'browser' | 'http' | 'oauthHttp'>;

export interface BrowserSignIn extends SignInPlace {
  readonly scopes: readonly string[];
  /** `open`: open a browser here. `show`: only print the address, and accept the redirect pasted. */
  readonly browser: 'open' | 'show';
  /** `dpop`: ask for tokens that are bound to a key of this session (RFC 9449). */
  readonly binding: 'bearer' | 'dpop';
}

/** How the redirect came back: through the listener, with a browser that waits for a page, or pasted by the person. */
type Redirect = { readonly kind: 'callback'; readonly callback: Callback } | { readonly kind: 'pasted'; readonly url: URL };

async function showOrOpen(request: BrowserSignIn, authorization: Authorization, deps: SignInDeps): Promise<void> {
  const { name } = request.target.provider;
  const address = `To sign in to ${name}, open this address:\n\n  ${authorization.address}\n`;
  if (request.browser === 'show') return deps.output.must(address);
  deps.output.note(address);
  const opened = await deps.browser.open(authorization.address);
  if (opened.kind === 'opened') return;
  deps.output.must(`No browser could be opened (${plainText(opened.why, 120)}). Open this address by hand:\n\n  ${authorization.address}\n`);
}

/** Asks for the redirect until something fitting is pasted. Ends with the signal, also at the end of piped input. */
async function askForRedirect(authorization: Authorization, deps: SignInDeps, signal: AbortSignal): Promise<URL> {
  if (!deps.prompt.canAsk) {
    const piped = deps.prompt.stdinIsTerminal ? '' : await deps.prompt.readStdin(PASTE_MAX_BYTES, signal);
    if (piped.trim() !== '') return pastedRedirect(authorization, piped);
    return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true }));
  }
  for (;;) {
    const pasted = await deps.prompt.text('Paste the address that the browser ended at:', signal);
    try {
      return pastedRedirect(authorization, pasted);
    } catch (thrown) {
      if (!failedWith(thrown, 'usage')) throw thrown;
      deps.output.warn(`${thrown.detail} ${thrown.hint ?? ''}`);
    }
  }
}

async function waitForRedirect(request: BrowserSignIn, authorization: Authorization, listener: LoopbackListener, deps: SignInDeps): Promise<Redirect> {
  const tooLong = new Failure('timed-out', {
    detail: `Nobody finished the sign-in within ${PERSON_LIMIT_MS / 60_000} minutes. Nothing was stored.`,
    hint: `Run the command again. If the browser cannot reach this machine, use: keywright login ${request.target.provider.id} --no-browser`,
  });
  return withLimit(PERSON_LIMIT_MS, tooLong, deps, async (signal) => {
    const stranger = (): void => deps.output.warn('A redirect came in that does not belong to this sign-in; it was turned away. Still waiting.');
    const callback = listener.callback(authorization.state, signal, stranger).then((arrived): Redirect => ({ kind: 'callback', callback: arrived }));
    await showOrOpen(request, authorization, deps);
    const waiting = `Waiting for ${request.target.provider.name} to send the browser back to ${authorization.redirectUri} (Ctrl-C to stop).`;
    if (request.browser === 'open') return during(waiting, deps, () => callback);
    deps.output.note(waiting);
    const pasted = askForRedirect(authorization, deps, signal).then((url): Redirect => ({ kind: 'pasted', url }));
    pasted.catch(() => undefined);
    callback.catch(() => undefined);
    return Promise.race([callback, pasted]);
  });
}

function closingPage(thrown: unknown): (typeof PAGES)[keyof typeof PAGES] {
  if (failedWith(thrown, 'consent-denied')) return PAGES.denied;
  return failedWith(thrown, 'timed-out') ? PAGES.tooLate : PAGES.failed;
}

/**
 * Signs in through the browser (RFC 8252): listener, registration, authorization with PKCE, exchange, store.
 *
 * The store is tried before anything else, so that a fresh session is never lost for want of a place. The browser gets its
 * page only when the outcome is known. Whatever happens the listener is closed, and nothing half is left in the store.
 */
export async function signInThroughBrowser(request: BrowserSignIn, deps: SignInDeps): Promise<AccountRecord> {
  const { target, scopes } = request;
  const server = serverOf(target);
  const { client, scopeSeparator } = server;
  await request.store.probe();
  const listener = await listenOnLoopback(client.kind === 'fixed' ? (client.port ?? 0) : 0);
  try {
    const http = await deps.oauthHttp();
    const { redirectUri } = listener;
    const config = await prepareClient(http, server, { kind: 'redirect', redirectUri }, scopes);
    const authorization = await beginAuthorization(config, { redirectUri, scopes, scopeSeparator, binding: request.binding }, deps.random);
    const redirect = await waitForRedirect(request, authorization, listener, deps);
    const answer = async (page: (typeof PAGES)[keyof typeof PAGES]): Promise<void> =>
      redirect.kind === 'callback' ? redirect.callback.answer(page) : undefined;
    try {
      const session = await completeAuthorization(http, authorization, redirect.kind === 'callback' ? redirect.callback.url : redirect.url, () =>
        deps.clock.now(),
      );
      const record = await finishSignIn(request, session, deps);
      await answer(PAGES.done);
      return record;
    } catch (thrown) {
      await answer(closingPage(thrown));
      throw thrown;
    }
  } finally {
    await listener.close();
  }
}

/**
 * Signs in with a key or token that the person brought: shown to the provider, then stored. Where the provider cannot be asked about
 * it, it is stored unproved, which is said. A token that has expired by its own words is shown to nobody.
 */
export async function signInWithKey(request: SignInPlace, key: Secret, deps: SignInDeps): Promise<AccountRecord> {
  const { target } = request;
  const { name } = target.provider;
  await request.store.probe();
  const expired = expiredToken(key, deps.clock.now(), 'What came in', `Get a new one from ${name}.`);
  if (expired !== undefined) throw expired;
  const authority = fixedAuthority(
    key,
    (words) =>
      new Failure('session-ended', {
        detail: `${name} does not accept this key${words === '' ? '' : ` (it says: ${words})`}. Nothing was stored.`,
        hint: 'Check that the whole key was given, and that it was not revoked.',
      }),
  );
  const answer = await askIdentity({ http: deps.http, target, authority, heard: tellOnce(name, (line) => deps.output.warn(line)) });
  if (answer.kind === 'unproved') deps.output.warn(`${name} could not be asked whether it accepts this credential; it is stored unproved.`);
  const place = { address: request.address, provider: target.provider.id, identity: answer.kind === 'known' ? answer.identity : null };
  return keepCredential(place, { kind: 'key', key, obtainedAt: deps.clock.now() }, request.store, deps);
}
