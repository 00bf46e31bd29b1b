import { type Configuration, customFetch, genericGrantRequest, initiateDeviceAuthorization } from 'openid-client';
import type { OAuthSession } from '../model/credentials.ts';
import type { Http } from '../model/http.ts';
import { Failure, failedWith } from '../model/failure.ts';
import { Secret } from '../model/secret.ts';
import type { ProviderOAuth } from '../providers/provider.ts';
import { plainText } from '../render/plain-text.ts';
import { browserAddress } from './address.ts';
import { asFetch } from './as-fetch.ts';
import { forgivingDeviceReply } from './device-reply.ts';
import { dpopHandle } from './dpop.ts';
import { oauthFailure, refusalBehind, serverTrouble } from './failures.ts';
import { firstSession } from './first-session.ts';
import { configurationOf, DEVICE_GRANT, type PinnedServer } from './server.ts';
import { forgivingTokenReply } from './token-reply.ts';

/** A sign-in that a person confirms in a browser anywhere, while this program asks for its tokens (RFC 8628 section 3.2). */
export interface DeviceAuthorization {
  readonly deviceCode: Secret;
  /** What the person types, or compares. Safe to show. */
  readonly userCode: string;
  /** Where it is typed. Checked: safe to open and to show. */
  readonly address: string;
  /** The same with the code in it, where the server gives one. */
  readonly fullAddress: string | null;
  /** The host of the addresses where it is not the issuer's own; null where it is. */
  readonly strangeHost: string | null;
  /** Unix milliseconds. */
  readonly expiresAt: number;
  readonly intervalMs: number;
}

const CODE_ADDRESS = 'address for the code';

/** Asks for a code (RFC 8628 section 3.1). Times that make no sense are replaced or bounded, see `forgivingDeviceReply`. */
export async function beginDevice(
  http: Http,
  config: Configuration,
  scopes: readonly string[],
  now: () => number,
  scopeSeparator: ProviderOAuth['scopeSeparator'] = ' ',
): Promise<DeviceAuthorization> {
  config[customFetch] = asFetch(http, forgivingDeviceReply);
  let reply: Awaited<ReturnType<typeof initiateDeviceAuthorization>>;
  try {
    reply = await initiateDeviceAuthorization(config, scopes.length === 0 ? {} : { scope: scopes.join(scopeSeparator) });
  } catch (thrown) {
    throw oauthFailure(thrown, 'ask for a code to sign in with');
  }
  const userCode = plainText(reply.user_code, 40);
  if (userCode === '') throw new Failure('unexpected-answer', { detail: 'The server gave a code that cannot be shown.', hint: 'Sign in with --no-browser.' });
  const address = browserAddress(reply.verification_uri, CODE_ADDRESS);
  const fullAddress = reply.verification_uri_complete === undefined ? null : browserAddress(reply.verification_uri_complete, CODE_ADDRESS);
  const own = new URL(config.serverMetadata().issuer).origin;
  const strange = [address, ...(fullAddress === null ? [] : [fullAddress])].map((text) => new URL(text)).find((url) => url.origin !== own);
  return {
    deviceCode: new Secret(reply.device_code),
    userCode,
    address,
    fullAddress,
    strangeHost: strange?.host ?? null,
    expiresAt: now() + reply.expires_in * 1000,
    intervalMs: (reply.interval ?? 5) * 1000,
  };
}

/** What the token endpoint said to one question (RFC 8628 section 3.5). */
export type Poll =
  | { readonly kind: 'signed-in'; readonly session: OAuthSession }
  | { readonly kind: 'pending' }
  | { readonly kind: 'slow-down' }
  | { readonly kind: 'expired' }
  /** Nothing was learnt: offline, a limit, or the server has trouble. */
  | { readonly kind: 'trouble'; readonly failure: Failure };

export interface DeviceQuestion {
  readonly server: PinnedServer;
  readonly deviceCode: Secret;
  readonly scopes: readonly string[];
  readonly scopeSeparator: ProviderOAuth['scopeSeparator'];
  readonly dpopKey: Secret | null;
}

/**
 * Asks once for the tokens of a code; the caller waits between two questions. The library could ask by itself, but by a clock and
 * with limits of its own. Throws `consent-denied` where the person said no, and whatever ends the sign-in.
 */
export function devicePoller(http: Http, { server, deviceCode, scopes, scopeSeparator, dpopKey }: DeviceQuestion, now: () => number): () => Promise<Poll> {
  const config = configurationOf(http, server, (reply) => forgivingTokenReply(reply, scopeSeparator));
  let handle: ReturnType<typeof dpopHandle> | undefined;
  return async () => {
    try {
      // One handle for all questions: it remembers the nonce that the server asked for.
      const bound = dpopKey === null ? undefined : { DPoP: await (handle ??= dpopHandle(config, dpopKey)) };
      const reply = await genericGrantRequest(config, DEVICE_GRANT, { device_code: deviceCode.reveal() }, bound);
      return { kind: 'signed-in', session: await firstSession(http, reply, { server, scopes, dpopKey, now: now() }) };
    } catch (thrown) {
      return verdictOn(thrown, deviceCode);
    }
  };
}

function verdictOn(thrown: unknown, deviceCode: Secret): Poll {
  const trouble = serverTrouble(thrown);
  const error = trouble === null || trouble < 500 ? refusalBehind(thrown)?.error : undefined;
  switch (error) {
    case 'authorization_pending':
      return { kind: 'pending' };
    case 'slow_down':
      return { kind: 'slow-down' };
    case 'expired_token':
      return { kind: 'expired' };
    case 'access_denied':
      throw new Failure('consent-denied', {
        detail: 'The request was declined on the page of the provider.',
        hint: 'Run the same command again and choose Allow.',
      });
    default: {
      const failure = oauthFailure(thrown, 'complete the sign-in', [deviceCode.reveal()]);
      if (failedWith(failure, 'unreachable', 'timed-out', 'rate-limited')) return { kind: 'trouble', failure };
      throw failure;
    }
  }
}
