import type { Clock, Env } from '../../../model/deps.ts';
import { findBus } from './address.ts';
import { connectBus } from './connection.ts';
import type { Bus, BusCall, BusReply } from './connection.ts';
import type { BusValue } from './signature.ts';

/** Secret Service API 0.2 (specifications.freedesktop.org/secret-service-spec). */
const SERVICE = 'org.freedesktop.secrets';
const SERVICE_PATH = '/org/freedesktop/secrets';
const SERVICE_INTERFACE = 'org.freedesktop.Secret.Service';
const NO_COLLECTION = '/';

/** D-Bus specification, error names for "nobody owns this name". */
const NOBODY = ['org.freedesktop.DBus.Error.ServiceUnknown', 'org.freedesktop.DBus.Error.NameHasNoOwner'];

/** A bus answers within milliseconds; one that takes longer is told apart from one that never answers by the slower way. */
export const BUS_LIMIT_MS = 2_000;

/** Where an entry is, as far as the keychain's search tells. `locked`: it is there, in a part of the keychain that is locked. */
export type EntryPlace = 'readable' | 'locked' | 'absent';

export type KeychainState =
  /** `entry` where one was looked for and the search was answered; for `tellLibrary` see `BusAddress`. */
  | { readonly kind: 'unlocked' | 'locked'; readonly tellLibrary: string | undefined; readonly entry: EntryPlace | undefined }
  | { readonly kind: 'no-bus'; readonly why: 'no-address' | 'refused' }
  | { readonly kind: 'no-service' }
  | { readonly kind: 'unknown'; readonly why: 'not-running' | 'no-default' | 'silent' | 'unreadable-address'; readonly tellLibrary: string | undefined; readonly entry: EntryPlace | undefined };

export interface StateQuestion {
  readonly env: Env;
  readonly uid: number;
  readonly clock: Clock;
  readonly limitMs: number;
  /** Also look for an entry with exactly these attributes. */
  readonly attributes?: Readonly<Record<string, string>>;
}

/**
 * Asks the session bus whether the keychain runs and whether its default collection is unlocked. Nothing is started, unlocked
 * or shown by this, no native code is loaded and no process is started. Never throws, and takes at most `limitMs`.
 */
export async function askKeychainState(question: StateQuestion): Promise<KeychainState> {
  const address = await findBus(question.env, question.uid, isThere);
  if (address.kind === 'none') return { kind: 'no-bus', why: 'no-address' };
  if (address.kind === 'unreadable') return { kind: 'unknown', why: 'unreadable-address', tellLibrary: undefined, entry: undefined };
  const { sockets, tellLibrary } = address;
  const limit = new AbortController();
  const done = new AbortController();
  question.clock.sleep(question.limitMs, done.signal).then(
    () => limit.abort(),
    () => undefined,
  );
  try {
    const bus = await connectBus(sockets, question.uid, limit.signal);
    if (bus === undefined) return limit.signal.aborted ? { kind: 'unknown', why: 'silent', tellLibrary, entry: undefined } : { kind: 'no-bus', why: 'refused' };
    const state = await askOver(bus, tellLibrary, question.attributes);
    bus.close();
    if (state !== 'lost') return state;
    // Cut off before the limit: the bus does not want us, for example since it belongs to another user.
    return limit.signal.aborted ? { kind: 'unknown', why: 'silent', tellLibrary, entry: undefined } : { kind: 'no-bus', why: 'refused' };
  } finally {
    done.abort();
  }
}

async function askOver(bus: Bus, tellLibrary: string | undefined, attributes: StateQuestion['attributes']): Promise<KeychainState | 'lost'> {
  const [alias, found] = await Promise.all([bus.call(toService('ReadAlias', 's', ['default'])), attributes === undefined ? undefined : bus.call(searchFor(attributes))]);
  if (alias.kind === 'lost') return 'lost';
  if (alias.kind === 'error' && NOBODY.includes(alias.name)) return whoIsMissing(bus, tellLibrary);
  const entry = found === undefined ? undefined : placeOf(found);
  const noDefault = { kind: 'unknown', why: 'no-default', tellLibrary, entry } as const;
  if (alias.kind === 'error') return noDefault;
  const collection = alias.values[0];
  if (typeof collection !== 'string' || collection === NO_COLLECTION) return noDefault;
  const locked = await bus.call(propertyOf(collection, 'org.freedesktop.Secret.Collection', 'Locked'));
  if (locked.kind === 'lost') return 'lost';
  const isLocked = locked.kind === 'reply' ? locked.values[0] : undefined;
  if (typeof isLocked !== 'boolean') return noDefault;
  return { kind: isLocked ? 'locked' : 'unlocked', tellLibrary, entry };
}

async function whoIsMissing(bus: Bus, tellLibrary: string | undefined): Promise<KeychainState | 'lost'> {
  const names = await bus.call({ destination: 'org.freedesktop.DBus', path: '/org/freedesktop/DBus', interface: 'org.freedesktop.DBus', member: 'ListActivatableNames', signature: '', body: [] });
  if (names.kind === 'lost') return 'lost';
  const startable = names.kind === 'reply' && isList(names.values[0]) && names.values[0].includes(SERVICE);
  return startable ? { kind: 'unknown', why: 'not-running', tellLibrary, entry: undefined } : { kind: 'no-service' };
}

/** SearchItems gives two lists of paths: of unlocked items and of locked ones. */
function placeOf(found: BusReply): EntryPlace | undefined {
  if (found.kind !== 'reply') return undefined;
  const [unlocked, locked] = found.values;
  if (!isList(unlocked) || !isList(locked)) return undefined;
  if (unlocked.length > 0) return 'readable';
  return locked.length > 0 ? 'locked' : 'absent';
}

function toService(member: string, signature: string, body: readonly BusValue[]): BusCall {
  return { destination: SERVICE, path: SERVICE_PATH, interface: SERVICE_INTERFACE, member, signature, body };
}

function searchFor(attributes: Readonly<Record<string, string>>): BusCall {
  return toService('SearchItems', 'a{ss}', [Object.entries(attributes)]);
}

function propertyOf(path: string, owner: string, name: string): BusCall {
  return { destination: SERVICE, path, interface: 'org.freedesktop.DBus.Properties', member: 'Get', signature: 'ss', body: [owner, name] };
}

function isList(value: BusValue | undefined): value is readonly BusValue[] {
  return Array.isArray(value);
}

async function isThere(path: string): Promise<boolean> {
  const { access } = await import('node:fs/promises');
  return access(path).then(
    () => true,
    () => false,
  );
}
