import type { Target } from '../api/target.ts';
import type { AccountRecord } from '../model/credentials.ts';
import type { Deps } from '../model/deps.ts';
import { Failure } from '../model/failure.ts';
import type { Secret } from '../model/secret.ts';
import { beginDevice, type DeviceAuthorization, devicePoller } from '../oauth/device.ts';
import { newDpopKey, requireDpop } from '../oauth/dpop.ts';
import { deviceOffer, issuerOfServer, type PinnedServer, pinnedServer, prepareClient } from '../oauth/server.ts';
import { plainText } from '../render/plain-text.ts';
import { awaitDevice } from './device-wait.ts';
import { type FinishDeps, finishSignIn, type SignInPlace } from './finish-sign-in.ts';
import { serverOf } from './issuer.ts';
import { during } from './waiting.ts';

export type DeviceDeps = FinishDeps & Pick<Deps, 'browser' | 'oauthHttp'>;

/** What is asked of the server, whichever way the person answers. */
export interface Wishes {
  readonly scopes: readonly string[];
  /** `dpop`: ask for tokens that are bound to a key of this session (RFC 9449). */
  readonly binding: 'bearer' | 'dpop';
}

export interface DeviceSignIn extends SignInPlace, Wishes {
  /** `open`: open a browser here as well. `show`: only print where to go. */
  readonly browser: 'open' | 'show';
}

/** A code that was asked for, and what its tokens will be asked for with. */
export interface BegunDevice {
  readonly authorization: DeviceAuthorization;
  readonly server: PinnedServer;
  readonly dpopKey: Secret | null;
}

/** Whether the provider's server signs in by code; see `deviceOffer`. */
export async function codeOffer(target: Target, deps: Pick<Deps, 'oauthHttp'>): Promise<'offered' | 'not-offered'> {
  return deviceOffer(await deps.oauthHttp(), serverOf(target));
}

/** Registers a client for it and asks for a code. `usage` where the server signs in nobody by code. */
export async function askForCode(target: Target, wishes: Wishes, deps: Pick<Deps, 'oauthHttp' | 'clock'>): Promise<BegunDevice> {
  const { id, name } = target.provider;
  if ((await codeOffer(target, deps)) === 'not-offered') {
    throw new Failure('usage', {
      detail: `${name} does not offer to sign in with a code on another device.`,
      hint: `Print the address instead: keywright login ${id} --no-browser`,
    });
  }
  const http = await deps.oauthHttp();
  const server = serverOf(target);
  const config = await prepareClient(http, server, { kind: 'device' }, wishes.scopes);
  if (wishes.binding === 'dpop') requireDpop(config);
  const dpopKey = wishes.binding === 'dpop' ? await newDpopKey() : null;
  const authorization = await beginDevice(http, config, wishes.scopes, () => deps.clock.now(), server.scopeSeparator);
  return { authorization, server: pinnedServer(config), dpopKey };
}

/** Says where the code is to be typed. An address that is not the provider's own is named as such, and left to the person to open. */
async function showCode(request: DeviceSignIn, authorization: DeviceAuthorization, deps: DeviceDeps): Promise<void> {
  const { name } = request.target.provider;
  const { address, fullAddress, userCode, strangeHost } = authorization;
  deps.output.must(`To sign in to ${name}, open this address on any device:\n\n  ${address}\n\nand enter this code:\n\n  ${userCode}\n`);
  if (fullAddress !== null) deps.output.must(`Or open this one, and compare the code there:\n\n  ${fullAddress}\n`);
  if (strangeHost !== null) {
    deps.output.warn(
      `The address leads to ${strangeHost}, not to ${issuerOfServer(serverOf(request.target)).host}. Open it only if you know it to belong to ${name}.`,
    );
    return;
  }
  if (request.browser === 'show') return;
  const opened = await deps.browser.open(fullAddress ?? address);
  if (opened.kind === 'failed') deps.output.warn(`No browser could be opened (${plainText(opened.why, 120)}). Open the address above by hand.`);
}

/**
 * Signs in by a code that a person confirms in a browser anywhere (RFC 8628). The store is tried before anything else, so that
 * a fresh session is never lost for want of a place.
 */
export async function signInByCode(request: DeviceSignIn, deps: DeviceDeps): Promise<AccountRecord> {
  const { target } = request;
  const { scopeSeparator } = serverOf(target);
  await request.store.probe();
  const { authorization, server, dpopKey } = await askForCode(target, request, deps);
  const { deviceCode, intervalMs, expiresAt } = authorization;
  const began = deps.clock.now();
  await showCode(request, authorization, deps);
  const waiting = `Waiting for you to confirm it, until the code ends in ${Math.ceil((expiresAt - began) / 60_000)} min (Ctrl-C to stop).`;
  const poll = devicePoller(await deps.oauthHttp(), { server, deviceCode, scopes: request.scopes, scopeSeparator, dpopKey }, () => deps.clock.now());
  const end = await during(waiting, deps, () => awaitDevice(poll, { intervalMs, firstAt: began + intervalMs, expiresAt }, deps));
  if (end.kind === 'signed-in') return finishSignIn(request, end.session, deps);
  throw new Failure('timed-out', {
    detail: 'Nobody confirmed the code before it ended. Nothing was stored.',
    hint: 'Run the command again; it gives a new code.',
  });
}
