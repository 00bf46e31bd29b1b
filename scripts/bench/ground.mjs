/** Where the bench takes place: a signed-in home, a person with a key, Node itself, and a stopwatch. */
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { build } from 'esbuild';

import { openStage, PROGRAM, runToEnd } from '../stage.mjs';
import { startStopwatch } from './stopwatch.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Opens it. `node` is the Node that is measured, which may be another one than this. */
export async function openGround(node, nodeVersion) {
  const stage = await openStage('bench');
  const closing = [() => stage.close()];
  const ground = { home: stage.home, node, closing, close: () => closeAll(closing) };
  try {
    const at = (name) => path.join(stage.home, name);
    const { NODE_EXTRA_CA_CERTS: _unset, ...env } = stage.env;
    // What is measured finds the Node that is measured, also through `#!/usr/bin/env node`.
    const bin = at('bench-bin');
    await mkdir(bin);
    await symlink(node, path.join(bin, 'node'));
    await symlink(PROGRAM, path.join(bin, 'keywright'));
    const stored = { ...env, PATH: `${bin}:${env.PATH}` };
    const keyring = await must(stored, ['login', 'memax']);
    if (!keyring.includes('Signed in')) throw new Error(keyring);
    const key = (await must(stored, ['auth', 'create-key', 'bench', '--scope', 'read'])).trim();
    // As in CI: a key in a variable, nothing stored, and nothing to choose a store from.
    const { KEYWRIGHT_STORE: _store, BROWSER: _browser, ...rest } = stored;
    const nowhere = at('nowhere');
    const brought = {
      ...rest,
      HOME: nowhere,
      XDG_DATA_HOME: nowhere,
      XDG_STATE_HOME: nowhere,
      XDG_CONFIG_HOME: nowhere,
      XDG_CACHE_HOME: nowhere,
      MEMAX_API_KEY: key,
    };
    const empty = at('empty.cjs');
    await writeFile(empty, '');
    const stopwatch = startStopwatch(stage.home);
    closing.push(() => stopwatch.stop());
    const bare = { words: [node, empty], env: stored };
    return {
      ...ground,
      key,
      bin,
      version: Number.parseInt(nodeVersion, 10),
      address: stage.address,
      env: { stored, brought },
      stopwatch,
      bare: () => stopwatch.run(bare),
      /** The program by its file, with these words. */
      ours: (words, env_ = stored, more = {}) => stopwatch.run({ words: [node, PROGRAM, ...words], env: env_, ...more }),
      at,
    };
  } catch (thrown) {
    await ground.close();
    throw thrown;
  }
}

/** Runs the program once before anything is measured. Gives what it prints; throws where it fails. */
export async function must(env, words, input) {
  const { code, stdout, stderr } = await runToEnd(process.execPath, [PROGRAM, ...words], { env, input });
  if (code !== 0) throw new Error(`keywright ${words.join(' ')} ended with ${code}: ${stderr}`);
  return stdout;
}

async function closeAll(closing) {
  for (const close of closing.toReversed()) await close();
}

/** A part of the sources or of the tests, as a module of this process; `names` are files below the repository, all of whose exports are given. */
export async function fromSources(ground, names) {
  // Inside node_modules, so that the packages that stay outside of the bundle are found from there.
  const cache = path.join(root, 'node_modules/.cache');
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(path.join(cache, 'bench-'));
  ground.closing.push(() => rm(folder, { recursive: true, force: true }));
  const outfile = path.join(folder, 'part.mjs');
  const contents = names.map((name) => `export * from './${name}';`).join('\n');
  const options = { bundle: true, platform: 'node', target: 'node20', format: 'esm', packages: 'external', logLevel: 'error' };
  await build({ ...options, stdin: { contents, resolveDir: root, loader: 'ts' }, outfile });
  return await import(pathToFileURL(outfile).href);
}
