import type { IncomingMessage } from 'node:http';

import type Provider from 'oidc-provider';

import { isObject, parseJson } from '../json.ts';
import { replay } from '../read-body.ts';
import { Refused, type Call, type ErrorBody, type Route } from '../routes.ts';
import { devicePace, type DevicePace } from './device-pace.ts';
import { PREFILLED } from './device-sources.ts';
import { interactionRoutes, refuseForeignForm } from './interaction.ts';
import { loadProvider } from './load-provider.ts';
import { PROOF_ALGORITHM } from './proofs.ts';
import { PATHS, type OAuthSettings } from './settings.ts';

/** RFC 8628 section 3.4. */
const DEVICE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code';

/** RFC 6749 section 5.2. */
const oauthError: ErrorBody = (status, code, message) => ({ error: status >= 500 ? 'server_error' : code, error_description: message });

/** An OAuth server as routes: metadata, registration, authorization with its pages, tokens and, where switched on, revocation. */
export function oauthRoutes(settings: OAuthSettings): readonly Route[] {
  const { tuning, now } = settings.realm;
  const pace = devicePace(tuning.deviceIntervalSeconds, now);
  let loading: Promise<Provider> | undefined;
  const provider = () => {
    loading ??= loadProvider(settings, pace);
    return loading;
  };
  const passOn = (change: (call: Call) => IncomingMessage = (call) => call.request): Extract<Route, { pass: unknown }>['pass'] => {
    return async (call, response) => {
      await (await provider()).callback()(change(call), response);
    };
  };
  const registration: Route = {
    name: 'register',
    method: 'POST',
    path: PATHS.register,
    errorBody: oauthError,
    async pass(call, response) {
      const metadata = readPublicClient(call);
      await passOn(() => replay(call.request, metadata))(call, response);
    },
  };
  const revocation: Route = { name: 'revoke', method: 'POST', path: PATHS.revoke, errorBody: oauthError, pass: passOn() };
  return [
    { name: 'metadata', method: 'GET', path: PATHS.authorizationServer, handle: () => ({ status: 200, body: serverMetadata(settings) }) },
    { name: 'metadata.resource', method: 'GET', path: PATHS.protectedResource, handle: () => ({ status: 200, body: resourceMetadata(settings) }) },
    ...(tuning.registration ? [registration] : []),
    { name: 'authorize', method: 'GET', path: PATHS.authorize, pass: passOn((call) => freshAuthorization(call, settings)) },
    { name: 'authorize.resume', method: 'GET', path: `${PATHS.authorize}/:uid`, pass: passOn() },
    ...interactionRoutes(settings, provider),
    { name: tokenName, method: 'POST', path: PATHS.token, errorBody: oauthError, pass: passOn((call) => unhurried(call, pace)) },
    ...(tuning.revocation ? [revocation] : []),
    ...(tuning.device ? deviceRoutes(settings, passOn) : []),
  ];
}

type PassOn = (change?: (call: Call) => IncomingMessage) => Extract<Route, { pass: unknown }>['pass'];

/** RFC 8628: a device asks for a code, and a person types it in a browser. That browser is taken for a new one each time, as at `authorize`. */
function deviceRoutes(settings: OAuthSettings, passOn: PassOn): readonly Route[] {
  const ownForm = (call: Call): IncomingMessage => {
    refuseForeignForm(call, settings);
    return call.request;
  };
  return [
    { name: 'device.authorize', method: 'POST', path: PATHS.deviceAuthorization, errorBody: oauthError, pass: passOn((call) => withScopes(call, settings)) },
    { name: 'device.page', method: 'GET', path: PATHS.device, pass: passOn(freshDevicePage) },
    { name: 'device.form', method: 'POST', path: PATHS.device, pass: passOn(ownForm) },
    { name: 'device.resume', method: 'GET', path: `${PATHS.device}/:uid`, pass: passOn() },
  ];
}

/** RFC 8628 section 3.1 leaves the scope open; here a device that names none asks for all. */
function withScopes(call: Call, { scopes }: OAuthSettings): IncomingMessage {
  const form = new URLSearchParams(call.body);
  if (!form.has('scope')) form.set('scope', Object.keys(scopes).join(' '));
  return replay(call.request, form.toString());
}

function freshDevicePage(call: Call): IncomingMessage {
  const { cookie: _left, ...headers } = call.headers;
  const userCode = call.query.get('user_code');
  const url = userCode === null ? PATHS.device : `${PATHS.device}?${new URLSearchParams({ [PREFILLED]: userCode }).toString()}`;
  return replay(call.request, '', { url, headers });
}

function unhurried(call: Call, pace: DevicePace): IncomingMessage {
  const form = new URLSearchParams(call.body);
  const deviceCode = form.get('grant_type') === DEVICE_GRANT ? form.get('device_code') : null;
  if (deviceCode !== null && pace.tooSoon(deviceCode)) throw new Refused(400, 'slow_down', 'Wait longer between two questions.');
  return call.request;
}

/** RFC 8414 section 2. Written by hand: the library would also promise what this vendor does not serve. */
function serverMetadata({ realm, scopes }: OAuthSettings): unknown {
  const { origin, tuning } = realm;
  return {
    issuer: origin,
    authorization_endpoint: `${origin}${PATHS.authorize}`,
    token_endpoint: `${origin}${PATHS.token}`,
    ...(tuning.registration ? { registration_endpoint: `${origin}${PATHS.register}` } : {}),
    ...(tuning.revocation ? { revocation_endpoint: `${origin}${PATHS.revoke}`, revocation_endpoint_auth_methods_supported: ['none'] } : {}),
    scopes_supported: Object.keys(scopes),
    response_types_supported: ['code'],
    response_modes_supported: ['query'],
    grant_types_supported: ['authorization_code', 'refresh_token', ...(tuning.device ? [DEVICE_GRANT] : [])],
    ...(tuning.device ? { device_authorization_endpoint: `${origin}${PATHS.deviceAuthorization}` } : {}),
    ...(tuning.dpop === 'off' ? {} : { dpop_signing_alg_values_supported: [PROOF_ALGORITHM] }),
    token_endpoint_auth_methods_supported: ['none'],
    code_challenge_methods_supported: ['S256'],
    ...(tuning.advertiseIss ? { authorization_response_iss_parameter_supported: true } : {}),
  };
}

/** RFC 9728 section 2. */
function resourceMetadata({ realm, scopes, providerName }: OAuthSettings): unknown {
  return {
    resource: realm.origin,
    authorization_servers: [realm.origin],
    scopes_supported: Object.keys(scopes),
    bearer_methods_supported: ['header'],
    ...(realm.tuning.dpop === 'off' ? {} : { dpop_signing_alg_values_supported: [PROOF_ALGORITHM] }),
    resource_name: providerName,
  };
}

/**
 * RFC 7591 section 2 makes an unsaid `token_endpoint_auth_method` "client_secret_basic"; here it is "none", since a program on somebody's
 * machine keeps no secret. Gives the metadata with that said.
 */
function readPublicClient(call: Call): string {
  const metadata = parseJson(call.body);
  if (!isObject(metadata)) throw new Refused(400, 'invalid_client_metadata', 'Send the client metadata as a JSON object.');
  const { client_name: name, token_endpoint_auth_method: method = 'none' } = metadata;
  if (typeof name !== 'string' || name.trim() === '') throw new Refused(400, 'invalid_client_metadata', 'client_name is required.');
  if (method !== 'none') throw new Refused(400, 'invalid_client_metadata', 'Only public clients are registered: token_endpoint_auth_method must be "none".');
  return JSON.stringify({ ...metadata, token_endpoint_auth_method: method });
}

/**
 * Every sign-in asks who one is, as if the browser came here for the first time: one machine holds several accounts, and a session that is
 * kept would pick one of them unasked. A request without a scope asks for all (RFC 6749 section 3.3).
 */
function freshAuthorization(call: Call, { scopes }: OAuthSettings): IncomingMessage {
  const { cookie: _left, ...headers } = call.headers;
  const query = new URLSearchParams(call.query);
  if (!query.has('scope')) query.set('scope', Object.keys(scopes).join(' '));
  return replay(call.request, '', { url: `${PATHS.authorize}?${query.toString()}`, headers });
}

function tokenName(call: Call): string {
  switch (new URLSearchParams(call.body).get('grant_type')) {
    case 'refresh_token':
      return 'token.refresh';
    case 'authorization_code':
      return 'token.code';
    case DEVICE_GRANT:
      return 'token.device';
    default:
      return 'token.other';
  }
}
