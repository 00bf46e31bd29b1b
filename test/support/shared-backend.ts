import { afterAll, afterEach, beforeAll } from 'vitest';
import { type LocalBackend, type LocalRealm, startBackend } from '../../src/backend/start.ts';
import type { BackendTuning } from '../../src/backend/tuning.ts';

/** One memax for all tests of a file. Faults and counts do not outlive a test; people and keys do, so every test has a person of its own. */
export function sharedBackend(tuning: BackendTuning = {}): () => LocalRealm {
  let backend: LocalBackend | undefined;
  const realm = (): LocalRealm => {
    if (backend === undefined) throw new Error('the backend runs only while tests do');
    return backend.realm('memax');
  };
  beforeAll(async () => {
    backend = await startBackend({ realms: ['memax'], dataDir: undefined, port: 0 }, tuning);
  });
  afterEach(() => {
    realm().faults.clear();
    realm().stats.reset();
  });
  afterAll(async () => backend?.stop());
  return realm;
}
