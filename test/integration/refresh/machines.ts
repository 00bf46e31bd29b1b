import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll } from 'vitest';
import { startMachine } from '../../../scripts/torture/machine.ts';
import { startProvider } from '../../../scripts/torture/provider.ts';
import type { Scene } from '../../../scripts/torture/rounds.ts';
import type { StoreName } from '../../../src/model/credentials.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** A provider and a machine with this store for all tests of a group. */
export function sceneWith(store: StoreName): () => Scene {
  let scene: Scene | undefined;
  beforeAll(async () => {
    const provider = await startProvider();
    try {
      scene = { provider, machine: await startMachine({ store, origin: provider.realm.origin, root: ROOT }) };
    } catch (thrown) {
      await provider.stop();
      throw thrown;
    }
  });
  afterAll(async () => {
    await scene?.machine.stop();
    await scene?.provider.stop();
  });
  return () => {
    if (scene === undefined) throw new Error('the machine runs only while tests do');
    return scene;
  };
}
