import { createClock } from '../adapters/clock.ts';
import { PASSPHRASE_VARIABLE } from '../adapters/encrypted-file/openers.ts';
import { createEncryptedFileStore } from '../adapters/encrypted-file/store.ts';
import { HURRIED_LIMITS } from '../adapters/keychain/world.ts';
import type { Decided } from '../flows/decision/decide.ts';
import { storedAuthority } from '../flows/stored-authority.ts';
import type { CredentialStore } from '../model/credential-store.ts';
import type { StoreName } from '../model/credentials.ts';
import type { Env } from '../model/env.ts';
import type { Secret } from '../model/secret.ts';

export { kept } from './kept.ts';

/*
 * What the short way to a token needs where somebody is signed in. Whatever it is not given here, it does without, or fails; the whole program
 * then does all of it again, with everything.
 */

/** Stands for whatever needs more of the world than there is. Thrown before anything was done. */
function notHere(): never {
  throw new Error('the whole program is needed');
}

export interface StoredWorld {
  readonly env: Env;
  /** The data folder. */
  readonly dir: string;
  readonly platform: NodeJS.Platform;
  /** The built file of the keychain's child process. */
  readonly childEntry: string;
  readonly uid: number | undefined;
}

/** The store of this name, to read from. The keychain is given a second; where it takes longer, the whole program waits for it as long as it does. */
async function storeNamed(name: StoreName, { env, dir, platform, childEntry, uid = 0 }: StoredWorld): Promise<CredentialStore> {
  const random = { token: notHere, fraction: notHere };
  if (name === 'file') {
    // A passphrase is made a key of once only, and that takes a while: a file that asks for one is left to the whole program.
    const withoutPassphrase = { ...env, [PASSPHRASE_VARIABLE]: undefined };
    return createEncryptedFileStore({ dir, env: withoutPassphrase, uid, random, lock: { acquire: notHere }, askPassphrase: undefined });
  }
  const { createKeychainStore } = await import('../adapters/keychain/store.ts');
  const world = { platform, uid, env, clock: createClock(), random, childEntry, mayPrompt: false, note: notHere, lastWords: notHere };
  return createKeychainStore(world, { limits: HURRIED_LIMITS });
}

/** The token of a sign-in, if it is good for a while. Undefined where another program could do nothing with it. */
export async function storedToken({ source, target }: Decided, world: StoredWorld): Promise<Secret | undefined> {
  if (source.kind !== 'stored' || source.record === undefined) return undefined;
  const authority = await storedAuthority(
    { target, address: source.address, record: source.record },
    {
      env: world.env,
      clock: createClock(),
      store: (name) => storeNamed(name, world),
      get lock() {
        return notHere();
      },
      get interrupted() {
        return notHere();
      },
      bulkHttp: notHere,
      get accounts() {
        return notHere();
      },
      get journal() {
        return notHere();
      },
      get output() {
        return notHere();
      },
    },
  );
  return authority.sendWithProof === null ? authority.secret() : undefined;
}
