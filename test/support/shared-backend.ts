import { afterAll, afterEach, beforeAll } from 'vitest';
import { type LocalBackend, type LocalRealm, startBackend } from '../../src/backend/start.ts';
import type { BackendTuning } from '../../src/backend/tuning.ts';

/** One realm, memax unless it is said, for all tests of a file. Faults and counts do not outlive a test; people and keys do, so every test has a person of its own. */
export function sharedBackend(tuning: BackendTuning = {}, id = 'memax'): () => LocalRealm {
  let backend: LocalBackend | undefined;
  const realm = (): LocalRealm => {
    if (backend === undefined) throw new Error('the backend runs only while tests do');
    return backend.realm(id);
  };
  beforeAll(async () => {
    backend = await startBackend({ realms: [id], dataDir: undefined, port: 0 }, tuning);
  });
  afterEach(() => {
    realm().faults.clear();
    realm().stats.reset();
  });
  afterAll(async () => backend?.stop());
  return realm;
}
