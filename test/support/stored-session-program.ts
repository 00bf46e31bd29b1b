/**
 * Looks into a store from outside, in a process with that store's environment. Usage: program show|age keychain|file ORIGIN.
 * Prints the tokens of the stored session as JSON, or null. `age` first lets its access token have expired a minute ago.
 */
import { userInfo } from 'node:os';
import process from 'node:process';
import { createClock } from '../../src/adapters/clock.ts';
import { createEncryptedFileStore } from '../../src/adapters/encrypted-file/store.ts';
import { createKeychainStore } from '../../src/adapters/keychain/store.ts';
import { createLock } from '../../src/adapters/lock/lock.ts';
import { findPaths } from '../../src/adapters/paths.ts';
import { createRandom } from '../../src/adapters/random.ts';
import { DEFAULT_ACCOUNT } from '../../src/model/credentials.ts';
import type { CredentialStore } from '../../src/model/credential-store.ts';

const [operation, kind, origin = ''] = process.argv.slice(2);
const { env, platform } = process;
const clock = createClock();
const random = createRandom();
const uid = process.getuid?.() ?? 0;
const paths = findPaths(env, platform, () => userInfo().homedir);

function openStore(): CredentialStore {
  if (kind === 'file') {
    const lock = createLock({ dir: paths.locks, clock, random, platform });
    return createEncryptedFileStore({ dir: paths.data, env, uid, lock, random, askPassphrase: undefined });
  }
  return createKeychainStore({
    platform,
    uid,
    env,
    clock,
    random,
    childEntry: '/no/such/program',
    mayPrompt: false,
    note: () => undefined,
    lastWords: (failure) => {
      throw failure;
    },
  });
}

async function work(): Promise<void> {
  const store = openStore();
  const address = { origin, account: DEFAULT_ACCOUNT };
  const session = await store.read(address);
  if (session?.kind !== 'oauth') return void process.stdout.write('null');
  if (operation === 'age') await store.write(address, { ...session, expiresAt: clock.now() - 60_000 });
  const { accessToken, refreshToken, tokenEndpoint, clientId } = session;
  process.stdout.write(JSON.stringify({ access: accessToken.reveal(), refresh: refreshToken?.reveal() ?? '', tokenEndpoint, clientId }));
}

void work();
