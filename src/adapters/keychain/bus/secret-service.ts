import { existsSync } from 'node:fs';
import type { Clock } from '../../../model/clock.ts';
import type { Env } from '../../../model/env.ts';
import { findBus } from './address.ts';
import { openBus } from './connection.ts';
import type { Bus, BusCall, BusReply } from './connection.ts';
import type { BusValue } from './signature.ts';

/** Secret Service API 0.2 (specifications.freedesktop.org/secret-service-spec). */
const SERVICE = 'org.freedesktop.secrets';
const SERVICE_PATH = '/org/freedesktop/secrets';
const NO_COLLECTION = '/';

/** D-Bus specification, error names for "nobody owns this name". */
const NOBODY = ['org.freedesktop.DBus.Error.ServiceUnknown', 'org.freedesktop.DBus.Error.NameHasNoOwner'];

/** What makes an entry findable: exactly these attributes. */
export type Attributes = Readonly<Record<string, string>>;

/** Why nothing can be said about the keychain. For `tellLibrary` see `BusAddress`. */
export type NoKeychain =
  | { readonly kind: 'no-bus'; readonly why: 'no-address' | 'refused' }
  | { readonly kind: 'no-service' }
  | {
      readonly kind: 'unknown';
      readonly why: 'not-running' | 'no-default' | 'odd-answer' | 'silent' | 'unreadable-address';
      readonly tellLibrary: string | undefined;
    };

export interface BusQuestion {
  readonly env: Env;
  readonly uid: number;
  readonly clock: Clock;
  /** For everything, connecting included. */
  readonly limitMs: number;
}

/** The default collection, where new entries go. */
export type DefaultCollection = { readonly kind: 'found'; readonly path: string } | { readonly kind: 'none' | 'nobody' | 'lost' };

/**
 * Connects to the session bus, lets `ask` put its questions, and closes. `ask` gives `lost` where an answer was lost.
 * Nothing is started, unlocked or shown by this, no native code is loaded and no process is started. Never rejects unless
 * `ask` does, and takes at most `limitMs`.
 */
export async function overBus<T>(question: BusQuestion, ask: (bus: Bus, tellLibrary: string | undefined) => Promise<T | 'lost'>): Promise<T | NoKeychain> {
  const address = await findBus(question.env, question.uid, isThere);
  if (address.kind === 'none') return { kind: 'no-bus', why: 'no-address' };
  if (address.kind === 'unreadable') return { kind: 'unknown', why: 'unreadable-address', tellLibrary: undefined };
  const opening = openBus(address.sockets, question.uid);
  const done = new AbortController();
  const limit = { reached: false };
  question.clock.sleep(question.limitMs, done.signal).then(
    () => {
      limit.reached = true;
      opening.close();
    },
    () => undefined,
  );
  try {
    const bus = await opening.bus;
    const answer = bus === undefined ? 'lost' : await ask(bus, address.tellLibrary);
    if (answer !== 'lost') return answer;
    // Cut off before the limit: the bus does not want us, for example since it belongs to another user.
    return limit.reached ? { kind: 'unknown', why: 'silent', tellLibrary: address.tellLibrary } : { kind: 'no-bus', why: 'refused' };
  } finally {
    opening.close();
    // With a reason of our own: Node would make an error for it, and its stack.
    done.abort('answered');
  }
}

/** Which collection is the default one. */
export async function readDefaultCollection(bus: Bus): Promise<DefaultCollection> {
  const alias = await bus.call(toService('ReadAlias', 's', ['default']));
  if (alias.kind === 'lost') return { kind: 'lost' };
  if (alias.kind === 'error') return { kind: NOBODY.includes(alias.name) ? 'nobody' : 'none' };
  const path = alias.values[0];
  return typeof path === 'string' && path !== NO_COLLECTION ? { kind: 'found', path } : { kind: 'none' };
}

/** Whether a collection is locked; `none` where it is not there after all, or what it says is not to be believed. */
export async function readLocked(bus: Bus, collection: string): Promise<'locked' | 'unlocked' | 'none' | 'lost'> {
  const reply = await bus.call({
    destination: SERVICE,
    path: collection,
    interface: 'org.freedesktop.DBus.Properties',
    member: 'Get',
    signature: 'ss',
    body: ['org.freedesktop.Secret.Collection', 'Locked'],
  });
  if (reply.kind === 'lost') return 'lost';
  const locked = reply.kind === 'reply' ? reply.values[0] : undefined;
  if (typeof locked !== 'boolean') return 'none';
  return locked ? 'locked' : 'unlocked';
}

/** After "nobody owns the name": whether the bus would start a keychain service for somebody who asks for it. */
export async function readStartable(bus: Bus, tellLibrary: string | undefined): Promise<NoKeychain | 'lost'> {
  const names = await bus.call({
    destination: 'org.freedesktop.DBus',
    path: '/org/freedesktop/DBus',
    interface: 'org.freedesktop.DBus',
    member: 'ListActivatableNames',
    signature: '',
    body: [],
  });
  if (names.kind === 'lost') return 'lost';
  const list = names.kind === 'reply' ? names.values[0] : undefined;
  return isList(list) && list.includes(SERVICE) ? { kind: 'unknown', why: 'not-running', tellLibrary } : { kind: 'no-service' };
}

/** The paths of the entries with these attributes; `odd` where the search failed. */
export async function searchEntries(
  bus: Bus,
  attributes: Attributes,
): Promise<
  { readonly kind: 'found'; readonly unlocked: readonly BusValue[]; readonly locked: readonly BusValue[] } | { readonly kind: 'odd' | 'nobody' | 'lost' }
> {
  const reply = await bus.call(toService('SearchItems', 'a{ss}', [Object.entries(attributes)]));
  if (reply.kind === 'lost') return { kind: 'lost' };
  if (reply.kind === 'error') return { kind: NOBODY.includes(reply.name) ? 'nobody' : 'odd' };
  const [unlocked, locked] = reply.values;
  return isList(unlocked) && isList(locked) ? { kind: 'found', unlocked, locked } : { kind: 'odd' };
}

/**
 * A session in which values travel as they are (algorithm `plain`, which every service must know). They go over a socket of
 * this user's own; another program of this user that could listen there could as well ask the keychain itself.
 */
export function openPlainSession(bus: Bus): Promise<BusReply> {
  return bus.call(toService('OpenSession', 'sv', ['plain', ['s', '']]));
}

/** The value of an unlocked entry as text; `none` where the service gives none, or something else. */
export async function readValue(
  bus: Bus,
  item: string,
  session: string,
): Promise<{ readonly kind: 'value'; readonly value: string } | { readonly kind: 'none' | 'lost' }> {
  const reply = await bus.call({
    destination: SERVICE,
    path: item,
    interface: 'org.freedesktop.Secret.Item',
    member: 'GetSecret',
    signature: 'o',
    body: [session],
  });
  if (reply.kind === 'lost') return { kind: 'lost' };
  // A struct: session, parameters of the algorithm, value, type of content.
  const secret = reply.kind === 'reply' ? reply.values[0] : undefined;
  const bytes = isList(secret) ? secret[2] : undefined;
  if (!isList(bytes) || !bytes.every((byte) => typeof byte === 'number')) return { kind: 'none' };
  return { kind: 'value', value: Buffer.from(bytes).toString('utf8') };
}

function toService(member: string, signature: string, body: readonly BusValue[]): BusCall {
  return { destination: SERVICE, path: SERVICE_PATH, interface: 'org.freedesktop.Secret.Service', member, signature, body };
}

function isList(value: BusValue | undefined): value is readonly BusValue[] {
  return Array.isArray(value);
}

async function isThere(path: string): Promise<boolean> {
  return existsSync(path);
}
