import type { Random } from '../../model/random.ts';
import { variable } from '../../model/env.ts';
import { Secret } from '../../model/secret.ts';
import { lockedUp } from './failures.ts';
import { givenKey, KEY_VARIABLE, keyFilePath, keyOfFile, type KeyWorld, makeKeyFile, throwAwayKey } from './keys.ts';
import type { Header, Opener } from './sealed.ts';

export const PASSPHRASE_VARIABLE = 'KEYWRIGHT_STORE_PASSPHRASE';

export interface OpenerWorld extends KeyWorld {
  readonly random: Random;
  /** Asks the person; undefined where nobody can be asked. Called at most once. */
  readonly askPassphrase: (() => Promise<string>) | undefined;
}

/** Finds what opens the store. Which kind is needed is told by the file, not by what is at hand. */
export interface Openers {
  /** For a file that is there. `keychain-locked` where the key or passphrase is missing. */
  forFile(header: Header, path: string): Promise<Opener>;
  /**
   * For a file that is to be made: a given key, else the passphrase of the variable, else the key file, which is made if need be.
   * With `trial` nothing is made, and a key that is thrown away stands in.
   */
  forNew(purpose: 'keep' | 'trial'): Promise<Opener>;
}

export function createOpeners(world: OpenerWorld): Openers {
  let asked: Promise<string> | undefined;

  async function passphrase(path: string): Promise<Opener> {
    const given = variable(world.env, PASSPHRASE_VARIABLE);
    if (given !== undefined) return { kind: 'passphrase', passphrase: new Secret(given) };
    if (world.askPassphrase === undefined)
      throw lockedUp(path, 'needs its passphrase, and nobody can be asked', `Set ${PASSPHRASE_VARIABLE}, or run the command in a terminal.`);
    asked ??= world.askPassphrase();
    const typed = await asked;
    if (typed === '') throw lockedUp(path, 'needs its passphrase, and none was given', `Type it when asked, or set ${PASSPHRASE_VARIABLE}.`);
    return { kind: 'passphrase', passphrase: new Secret(typed) };
  }

  return {
    forFile: async (header, path) => {
      if (header.kind === 'passphrase') return passphrase(path);
      const key = (await givenKey(world)) ?? keyOfFile(world);
      if (key !== undefined) return key;
      throw lockedUp(path, 'needs its key, and there is none', `Set ${KEY_VARIABLE}, or bring back the key file ${keyFilePath(world)}. Nobody was signed out.`);
    },
    forNew: async (purpose) => {
      const given = await givenKey(world);
      if (given !== undefined) return given;
      const words = variable(world.env, PASSPHRASE_VARIABLE);
      if (words !== undefined) return { kind: 'passphrase', passphrase: new Secret(words) };
      return keyOfFile(world) ?? (purpose === 'trial' ? throwAwayKey(world.random) : await makeKeyFile(world, world.random));
    },
  };
}
