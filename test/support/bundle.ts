import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** A program of the tests as one file that plain `node` can start. */
export interface Bundle {
  readonly path: string;
  remove(): Promise<void>;
}

/** Bundles a program beside the tests, such as `new URL('worker.ts', import.meta.url)`. Packages are bundled in. */
export async function bundle(entry: URL): Promise<Bundle> {
  const folder = await mkdtemp(join(tmpdir(), 'kw-bundle-'));
  const path = join(folder, 'program.mjs');
  await build({ entryPoints: [fileURLToPath(entry)], outfile: path, bundle: true, platform: 'node', format: 'esm', target: 'node20', logLevel: 'error' });
  return { path, remove: () => rm(folder, { recursive: true, force: true }) };
}
