import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClock } from '../../src/adapters/clock.ts';
import { createEncryptedFileStore } from '../../src/adapters/encrypted-file/store.ts';
import { createLock } from '../../src/adapters/lock/lock.ts';
import { createRandom } from '../../src/adapters/random.ts';
import type { Env } from '../../src/model/env.ts';
import { storeContract, type StoreUnderTest } from './store.contract.ts';

async function make(env: Env): Promise<StoreUnderTest> {
  const home = await mkdtemp(join(tmpdir(), 'kw-store-'));
  const random = createRandom();
  const lock = createLock({ dir: join(home, '.keywright', 'locks'), clock: createClock(), random, platform: process.platform });
  const store = createEncryptedFileStore({ dir: join(home, 'data'), env, uid: process.getuid?.() ?? null, random, lock, askPassphrase: undefined });
  return { store, cleanup: () => rm(home, { recursive: true, force: true }) };
}

storeContract('the encrypted file with a key file', () => make({}));
storeContract('the encrypted file with a key from a variable', () => make({ KEYWRIGHT_STORE_KEY: '0f'.repeat(32) }));
