import { access, mkdir, readFile, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import process from 'node:process';

import { runToEnd } from '../stage.mjs';

const INSTALL_LIMIT_MS = 5 * 60_000;

/** Where clients are kept between runs: they are large, and no part of this repository. */
function cacheFolder() {
  return path.join(process.env.XDG_CACHE_HOME ?? path.join(homedir(), '.cache'), 'keywright-test-clients');
}

/**
 * Installs one exact version, without running its scripts, into a folder of its own. Gives that folder, or why it could not be had:
 * what the registry said, in one line.
 */
export async function install(name, version) {
  const folder = path.join(cacheFolder(), `${name.replace(/[@/]/g, '_')}-${version}`);
  const done = path.join(folder, 'installed');
  if (
    await access(done).then(
      () => true,
      () => false,
    )
  )
    return { kind: 'installed', folder, seconds: 0 };
  const started = performance.now();
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'package.json'), '{ "private": true }\n');
  const words = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error', `${name}@${version}`];
  const { code, stderr } = await runToEnd('npm', words, { env: process.env, cwd: folder, limitMs: INSTALL_LIMIT_MS });
  if (code !== 0) return { kind: 'not-installed', why: stderr.trim().split('\n')[0] ?? `npm ended with ${code}` };
  const found = JSON.parse(await readFile(path.join(folder, 'node_modules', name, 'package.json'), 'utf8'));
  if (found.version !== version) return { kind: 'not-installed', why: `npm brought ${found.version}` };
  await writeFile(done, '');
  return { kind: 'installed', folder, seconds: (performance.now() - started) / 1000 };
}
