import { authorizationCodeGrant, buildAuthorizationUrl, calculatePKCECodeChallenge, type Configuration, customFetch } from 'openid-client';
import type { OAuthSession } from '../model/credentials.ts';
import type { Http } from '../model/http.ts';
import type { Random } from '../model/random.ts';
import { Failure, isFailure } from '../model/failure.ts';
import type { Secret } from '../model/secret.ts';
import type { ProviderOAuth } from '../providers/provider.ts';
import { browserAddress } from './address.ts';
import { asFetch } from './as-fetch.ts';
import { dpopHandle, newDpopKey, requireDpop } from './dpop.ts';
import { oauthFailure, refusalBehind } from './failures.ts';
import { pinnedServer } from './server.ts';
import { firstSession } from './first-session.ts';
import { forgivingTokenReply } from './token-reply.ts';

/** A sign-in under way: what was sent to the browser, and what its answer is checked against. */
export interface Authorization extends ExpectedRedirect {
  /** Checked: safe to open and to show. */
  readonly address: string;
}

/** What the answer to an authorization request is checked against. */
export interface ExpectedRedirect {
  readonly state: string;
  readonly codeVerifier: string;
  readonly redirectUri: string;
  readonly scopes: readonly string[];
  readonly scopeSeparator: ProviderOAuth['scopeSeparator'];
  readonly config: Configuration;
  /** The key that the tokens shall be bound to (RFC 9449); null for bearer tokens. */
  readonly dpopKey: Secret | null;
}

/** What is asked of the server. */
export interface AuthorizationWish {
  readonly redirectUri: string;
  readonly scopes: readonly string[];
  readonly scopeSeparator: ProviderOAuth['scopeSeparator'];
  readonly binding: 'bearer' | 'dpop';
}

/** 32 bytes: RFC 7636 section 4.1 recommends this much for the verifier. */
const RANDOM_BYTES = 32;

const SIGN_IN_ADDRESS = 'sign-in address of the provider';

/** Builds the authorization request (RFC 6749 section 4.1.1, PKCE by RFC 7636). */
export async function beginAuthorization(
  config: Configuration,
  { redirectUri, scopes, scopeSeparator, binding }: AuthorizationWish,
  random: Random,
): Promise<Authorization> {
  if (binding === 'dpop') requireDpop(config);
  // Looked at as it was written: parsing would take line ends out of it silently, and the library fails on it in words of its own.
  browserAddress(config.serverMetadata().authorization_endpoint ?? '', SIGN_IN_ADDRESS);
  const state = random.token(RANDOM_BYTES);
  const codeVerifier = random.token(RANDOM_BYTES);
  const url = buildAuthorizationUrl(config, {
    redirect_uri: redirectUri,
    ...(scopes.length === 0 ? {} : { scope: scopes.join(scopeSeparator) }),
    state,
    code_challenge: await calculatePKCECodeChallenge(codeVerifier),
    code_challenge_method: 'S256',
  });
  return {
    address: browserAddress(url.href, SIGN_IN_ADDRESS),
    state,
    codeVerifier,
    redirectUri,
    scopes,
    scopeSeparator,
    config,
    dpopKey: binding === 'dpop' ? await newDpopKey() : null,
  };
}

/** Whether the server tells its name in every redirect (RFC 9207), so that a redirect without it is not trusted. */
export function advertisesIssuer(authorization: ExpectedRedirect): boolean {
  return authorization.config.serverMetadata().authorization_response_iss_parameter_supported === true;
}

/**
 * Reads what a person pasted: the whole redirect address, or only the code where the server does not promise `iss`.
 * Throws `usage` where it is neither.
 */
export function pastedRedirect(authorization: ExpectedRedirect, pasted: string): URL {
  const text = pasted.trim();
  if (/^https?:\/\//.test(text) && URL.canParse(text)) {
    const url = new URL(text);
    const asked = new URL(authorization.redirectUri);
    if (url.origin !== asked.origin || url.pathname !== asked.pathname) {
      throw new Failure('usage', {
        detail: 'The pasted address is not the one that this sign-in ends at.',
        hint: `Paste the address that begins with ${authorization.redirectUri}`,
      });
    }
    return url;
  }
  if (advertisesIssuer(authorization)) {
    throw new Failure('usage', {
      detail: 'This provider names itself in the redirect, and a bare code does not carry that name.',
      hint: `Paste the whole address that begins with ${authorization.redirectUri}`,
    });
  }
  if (!/^[A-Za-z0-9._~+/=-]{8,2000}$/.test(text))
    throw new Failure('usage', { detail: 'What was pasted is neither an address nor a code.', hint: 'Paste the address from the browser.' });
  const url = new URL(authorization.redirectUri);
  url.searchParams.set('code', text);
  url.searchParams.set('state', authorization.state);
  return url;
}

/**
 * Trades the code of a redirect for tokens (RFC 6749 section 4.1.3), after `state` and `iss` were checked.
 * `consent-denied` where the person said no.
 */
export async function completeAuthorization(http: Http, authorization: ExpectedRedirect, redirect: URL, now: () => number): Promise<OAuthSession> {
  const { config } = authorization;
  config[customFetch] = asFetch(http, (reply) => forgivingTokenReply(reply, authorization.scopeSeparator));
  try {
    const { dpopKey } = authorization;
    const bound = dpopKey === null ? undefined : { DPoP: await dpopHandle(config, dpopKey) };
    const checks = { pkceCodeVerifier: authorization.codeVerifier, expectedState: authorization.state };
    const reply = await authorizationCodeGrant(config, redirect, checks, undefined, bound);
    return await firstSession(http, reply, { server: pinnedServer(config), scopes: authorization.scopes, dpopKey, now: now() });
  } catch (thrown) {
    if (isFailure(thrown)) throw thrown;
    if (refusalBehind(thrown)?.error === 'access_denied') {
      throw new Failure('consent-denied', {
        detail: 'The request was declined on the page of the provider.',
        hint: 'Run the same command again and choose Allow.',
      });
    }
    throw oauthFailure(thrown, 'complete the sign-in', [redirect.searchParams.get('code') ?? '', authorization.codeVerifier, authorization.state]);
  }
}
