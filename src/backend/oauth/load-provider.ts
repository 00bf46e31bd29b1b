import { randomBytes } from 'node:crypto';

import type Provider from 'oidc-provider';
import type { Configuration, JWK, KoaContextWithOIDC } from 'oidc-provider';

import { isObject, isStringArray } from '../json.ts';
import { formPageHeaders } from '../page-headers.ts';
import { newSigningKey } from '../signing-key.ts';
import type { DevicePace } from './device-pace.ts';
import { deviceSources, showLostDevicePage } from './device-sources.ts';
import { messagePage } from './pages.ts';
import { PROOF_ALGORITHM } from './proofs.ts';
import { PATHS, type OAuthSettings } from './settings.ts';

const CODE_SECONDS = 60;
const INTERACTION_SECONDS = 3600;
/** A grant ends with its tokens; ten years are longer than any refresh token lives. */
const GRANT_SECONDS = 10 * 365 * 24 * 3600;

/**
 * Loads and configures oidc-provider; half a second of work, so it waits for the first OAuth request.
 * Its main file does nothing more than `lib/provider.js` but to print that it knows no Node before 22; it runs on 20 as well,
 * as the tests prove, and a warning that nobody can act on has no place in a terminal.
 */
export async function loadProvider(settings: OAuthSettings, pace: DevicePace): Promise<Provider> {
  const { Provider } = await import('oidc-provider/lib/provider.js');
  const provider = new Provider(settings.realm.origin, configuration(settings));
  provider.silent = true;
  provider.use(async (ctx, next) => {
    try {
      await next();
    } catch (thrown) {
      // The library fails over a form from a browser whose session it does not know, while it saves that session.
      if (ctx.path !== PATHS.device) throw thrown;
      showLostDevicePage(ctx, settings);
    }
    // No page of another origin has business here, whatever the library offers it.
    for (const name of Object.keys(ctx.response.headers)) if (name.startsWith('access-control-')) ctx.remove(name);
    if (!settings.realm.tuning.advertiseIss) withoutIss(ctx.response, settings.realm.origin);
  });
  // The library knows no `interval` and no `slow_down` (RFC 8628 sections 3.2 and 3.5).
  const { deviceIntervalSeconds: interval } = settings.realm.tuning;
  provider.on('device_authorization.success', (ctx) => {
    if (isObject(ctx.body) && interval > 0) ctx.body = { ...ctx.body, interval };
  });
  provider.on('grant.error', (ctx, error) => {
    if (error.error === 'authorization_pending') pace.asked(String(ctx.oidc.params?.['device_code']));
  });
  return provider;
}

function configuration(settings: OAuthSettings): Configuration {
  const { rows, realm } = settings;
  const { tuning } = realm;
  return {
    adapter: rows.adapter,
    jwks: { keys: [readJwk(rows.kept('signing-key', makeSigningKey))] },
    // HttpOnly, SameSite=Lax and signed are the library's defaults; a test of the pages holds it to them.
    cookies: { keys: readCookieKeys(rows.kept('cookie-keys', () => [randomBytes(32).toString('base64url')])) },
    clientAuthMethods: ['none'],
    clientDefaults: {
      // RFC 7591 section 2 would have it "web" and with a secret; every client of this server is a public one on somebody's machine.
      application_type: 'native',
      token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      id_token_signed_response_alg: 'ES256',
    },
    enabledJWA: { idTokenSigningAlgValues: ['ES256'], dPoPSigningAlgValues: [PROOF_ALGORITHM] },
    responseTypes: ['code'],
    scopes: Object.keys(settings.scopes),
    claims: {},
    pkce: { required: () => true },
    clientBasedCORS: () => false,
    clockTolerance: 0,
    // RFC 9700 section 4.14.2: public clients get a new refresh token each time, and an old one that comes back ends the grant.
    rotateRefreshToken: true,
    issueRefreshToken: async (_ctx, client) => client.grantTypeAllowed('refresh_token'),
    expiresWithSession: async () => false,
    findAccount: (_ctx, id) => (settings.findUser(id) === undefined ? undefined : { accountId: id, claims: () => ({ sub: id }) }),
    interactions: { url: (_ctx, interaction) => `${PATHS.interaction}/${interaction.uid}` },
    renderError: (ctx, out) => renderError(ctx, out, settings),
    routes: {
      authorization: PATHS.authorize,
      token: PATHS.token,
      registration: PATHS.register,
      revocation: PATHS.revoke,
      device_authorization: PATHS.deviceAuthorization,
      code_verification: PATHS.device,
    },
    features: {
      devInteractions: { enabled: false },
      userinfo: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
      resourceIndicators: { enabled: false },
      dPoP:
        tuning.dpop === 'off'
          ? { enabled: false }
          : {
              enabled: true,
              nonceSecret: Buffer.from(String(rows.kept('token-nonce-secret', () => randomBytes(32).toString('base64url'))), 'base64url'),
              requireNonce: () => tuning.dpop === 'nonce-required',
            },
      deviceFlow: { enabled: tuning.device, ...deviceSources(settings) },
      registration: { enabled: tuning.registration, issueRegistrationAccessToken: false },
      revocation: { enabled: tuning.revocation, allowedPolicy: (_ctx, client, token) => token.clientId === client.clientId },
    },
    ttl: {
      AccessToken: tuning.accessTokenSeconds,
      RefreshToken: tuning.refreshTokenSeconds,
      AuthorizationCode: CODE_SECONDS,
      DeviceCode: tuning.deviceCodeSeconds,
      Interaction: INTERACTION_SECONDS,
      Session: INTERACTION_SECONDS,
      Grant: GRANT_SECONDS,
      IdToken: tuning.accessTokenSeconds,
    },
  };
}

function renderError(
  ctx: KoaContextWithOIDC,
  out: { readonly error: string; readonly error_description?: string | undefined },
  settings: OAuthSettings,
): undefined {
  const why = out.error_description === undefined ? out.error : `${out.error}: ${out.error_description}`;
  for (const [name, value] of Object.entries(formPageHeaders())) ctx.set(name, value);
  ctx.body = messagePage(settings.providerName, 'This sign-in cannot go on', [why, 'Go back to the program that sent you here and start again.']);
}

function withoutIss(response: KoaContextWithOIDC['response'], origin: string): void {
  const location = response.get('location');
  if (!URL.canParse(location) || location.startsWith(`${origin}/`)) return;
  const address = new URL(location);
  address.searchParams.delete('iss');
  response.set('location', address.href);
}

function makeSigningKey(): unknown {
  return { ...newSigningKey(), alg: 'ES256', use: 'sig' };
}

function readJwk(value: unknown): JWK {
  if (!isJwk(value)) throw new TypeError('the kept signing key cannot be read');
  return value;
}

function isJwk(value: unknown): value is JWK {
  return isObject(value) && value['kty'] === 'EC' && typeof value['d'] === 'string';
}

function readCookieKeys(value: unknown): string[] {
  if (!isStringArray(value)) throw new TypeError('the kept cookie keys cannot be read');
  return [...value];
}
