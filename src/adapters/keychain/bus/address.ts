import type { Env } from '../../../model/env.ts';
import { variable } from '../../../model/env.ts';

/**
 * Where the session bus listens.
 * `sockets`: what `net.connect` takes, in the order to try; a leading NUL means Linux's abstract namespace.
 * `tellLibrary`: what the keychain library must be given as `DBUS_SESSION_BUS_ADDRESS`, where it would not find this bus by itself.
 */
export type BusAddress =
  | { readonly kind: 'sockets'; readonly sockets: readonly string[]; readonly tellLibrary: string | undefined }
  | { readonly kind: 'none' }
  /** An address of a transport that only the library can follow, such as `tcp:` or `autolaunch:`. */
  | { readonly kind: 'unreadable' };

/**
 * The session bus by the library's own rules (GDBus: `DBUS_SESSION_BUS_ADDRESS`, then `$XDG_RUNTIME_DIR/bus`), and beyond them
 * `/run/user/<uid>/bus`, which cron jobs and agents lack the variables for. `exists` says whether a socket file is there.
 */
export async function findBus(env: Env, uid: number, exists: (path: string) => Promise<boolean>): Promise<BusAddress> {
  const given = variable(env, 'DBUS_SESSION_BUS_ADDRESS');
  if (given !== undefined) return readAddress(given, env);
  const runtimeDir = variable(env, 'XDG_RUNTIME_DIR');
  if (runtimeDir !== undefined && (await exists(`${runtimeDir}/bus`))) return { kind: 'sockets', sockets: [`${runtimeDir}/bus`], tellLibrary: undefined };
  const usual = `/run/user/${uid}/bus`;
  return (await exists(usual)) ? { kind: 'sockets', sockets: [usual], tellLibrary: `unix:path=${usual}` } : { kind: 'none' };
}

/** D-Bus specification, "Server Addresses": `transport:key=value,key=value`, several of them separated by semicolons. */
function readAddress(text: string, env: Env): BusAddress {
  const entries = text.split(';').filter((entry) => entry !== '');
  if (entries.every((entry) => entry.startsWith('disabled:'))) return { kind: 'none' };
  const sockets = entries.map((entry) => readSocket(entry, env));
  // One that cannot be read might be the one that works: the library must then try them all.
  const known = sockets.filter((socket) => socket !== undefined);
  return known.length === sockets.length ? { kind: 'sockets', sockets: known, tellLibrary: undefined } : { kind: 'unreadable' };
}

function readSocket(entry: string, env: Env): string | undefined {
  if (!entry.startsWith('unix:')) return undefined;
  const keys = new Map<string, string>();
  for (const pair of entry.slice('unix:'.length).split(',')) {
    const cut = pair.indexOf('=');
    const value = unescape(pair.slice(cut + 1));
    if (cut < 0 || value === undefined) return undefined;
    keys.set(pair.slice(0, cut), value);
  }
  const path = keys.get('path');
  if (path !== undefined) return path;
  const abstract = keys.get('abstract');
  if (abstract !== undefined) return `\0${abstract}`;
  const runtimeDir = variable(env, 'XDG_RUNTIME_DIR');
  return keys.get('runtime') === 'yes' && runtimeDir !== undefined ? `${runtimeDir}/bus` : undefined;
}

/** `%2f` and the like. They are bytes, which together may be UTF-8. Undefined where the text is not well formed. */
function unescape(value: string): string | undefined {
  try {
    return decodeURIComponent(value);
  } catch {
    return undefined;
  }
}
