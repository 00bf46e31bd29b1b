/**
 * Tortures the refresh of a session: many processes at once, and processes that are killed at every step of it. Usage:
 * npm run torture -- [--quick] [--store keychain|file]
 *
 * It needs no account and no network: the provider runs here, and so does a gnome-keyring of its own where one is installed.
 * Exit code 1 if a promise was broken. `--quick` takes about a minute; without it everything is done many times.
 */
import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { build } from 'esbuild';

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..');
const { status } = spawnSync(process.execPath, [path.join(root, 'scripts/build.mjs'), '--quiet'], { stdio: 'inherit' });
if (status !== 0) throw new Error('the program could not be built');

// Inside node_modules, so that the packages that stay outside of the bundle are found from there.
const cache = path.join(root, 'node_modules/.cache');
await mkdir(cache, { recursive: true });
const folder = await mkdtemp(path.join(cache, 'torture-'));
try {
  const outfile = path.join(folder, 'main.mjs');
  await build({
    entryPoints: [path.join(root, 'scripts/torture/main.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    packages: 'external',
    logLevel: 'error',
  });
  const { main } = await import(pathToFileURL(outfile).href);
  await main(root);
} finally {
  await rm(folder, { recursive: true, force: true });
}
