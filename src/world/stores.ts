import type { CredentialStore } from '../model/credential-store.ts';
import type { Deps } from '../model/deps.ts';
import type { Failure } from '../model/failure.ts';
import type { SecretNotes } from '../model/secret-notes.ts';
import type { StoreName } from '../model/credentials.ts';
import { failureText } from '../render/failure.ts';
import { noteTitlesDir } from './kept-here.ts';
import { once } from './once.ts';
import type { Screen } from './screen.ts';
import { keychainChild, type Surroundings } from './surroundings.ts';

/** How long what a command does on the side waits for another process. */
const HURRIED_LOCK_MS = 500;

/** The stores, and the notes that lie in them. */
export function storesIn(around: Surroundings, screen: Pick<Screen, 'write'>, deps: Pick<Deps, 'output' | 'prompt' | 'lock'>): Pick<Deps, 'store' | 'notes'> {
  const { platform, env, clock, random, paths } = around;
  const { output, prompt, lock } = deps;
  const uid = around.uid ?? 0;
  const keychainWorld = {
    platform,
    uid,
    env,
    clock,
    random,
    childEntry: keychainChild(around),
    mayPrompt: prompt.canAsk,
    note: (line: string) => output.note(line),
    lastWords: (failure: Failure) => void screen.write(2, failureText(failure)),
  };
  let typed: Promise<string> | undefined;
  const fileWorld = {
    dir: paths.data,
    env,
    uid,
    clock,
    lock,
    random,
    // The credentials and the notes are opened by the same words, so they are asked for once.
    askPassphrase: prompt.canAsk ? () => (typed ??= prompt.hidden('Passphrase of the credential file:', around.interrupted)) : undefined,
  };
  const noteTitles = noteTitlesDir(around.paths);
  const keychain = once(async (): Promise<CredentialStore> => (await import('../adapters/keychain/store.ts')).createKeychainStore(keychainWorld));
  const file = once(async (): Promise<CredentialStore> => (await import('../adapters/encrypted-file/store.ts')).createEncryptedFileStore(fileWorld));
  const keychainNotes = once(async (): Promise<SecretNotes> => (await import('../adapters/keychain/notes.ts')).createKeychainNotes(keychainWorld, noteTitles));
  const fileNotes = once(async (): Promise<SecretNotes> => (await import('../adapters/encrypted-file/notes.ts')).createEncryptedFileNotes(fileWorld));

  const hurriedNotes = async (name: StoreName): Promise<SecretNotes> => {
    if (name === 'keychain') {
      const [{ createKeychainNotes }, { HURRIED_LIMITS }] = await Promise.all([
        import('../adapters/keychain/notes.ts'),
        import('../adapters/keychain/world.ts'),
      ]);
      return createKeychainNotes({ ...keychainWorld, mayPrompt: false, alwaysInChild: true }, noteTitles, { limits: HURRIED_LIMITS });
    }
    const given = typed;
    return (await import('../adapters/encrypted-file/notes.ts')).createEncryptedFileNotes({
      ...fileWorld,
      lock: { acquire: (lockName, options) => lock.acquire(lockName, { ...options, waitMs: HURRIED_LOCK_MS }) },
      askPassphrase: given === undefined ? undefined : () => given,
    });
  };

  return {
    store: (name) => (name === 'keychain' ? keychain() : file()),
    notes: (name, manners) => (manners === 'hurried' ? hurriedNotes(name) : name === 'keychain' ? keychainNotes() : fileNotes()),
  };
}
