import type { Entries } from './entries.ts';
import { entriesInChild } from './in-child.ts';
import { entriesInProcess } from './in-process.ts';
import type { NativeKeychain } from './native.ts';
import { entriesInParts } from './parts.ts';
import type { KeychainLimits, KeychainWorld } from './world.ts';

/** Windows: CRED_MAX_CREDENTIAL_BLOB_SIZE of wincred.h. */
const WINDOWS_MAX_BYTES = 2_560;

/**
 * The entries of a service on macOS and Windows (on neither was this tried yet; the parts are tested against a double).
 * A locked keychain there answers with an error, so that "nothing there" can be believed, and nothing is asked beforehand.
 */
export async function entriesElsewhere(
  world: KeychainWorld,
  service: string,
  options: { readonly load: () => Promise<NativeKeychain>; readonly limits: KeychainLimits },
): Promise<Entries> {
  const { platform, env, clock, childEntry, lastWords } = world;
  const whole =
    world.alwaysInChild === true
      ? entriesInChild(service, { platform, env, clock, childEntry, limitMs: options.limits.unsure, tellLibrary: undefined })
      : entriesInProcess(await options.load(), service, { clock, limitMs: options.limits.call, lastWords });
  if (world.platform !== 'win32') return whole;
  return entriesInParts(whole, { maxBytes: WINDOWS_MAX_BYTES, now: () => world.clock.now(), generation: () => world.random.token(9) });
}
