import { realpathSync } from 'node:fs';
import { mkdir, readdir, symlink } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { execa } from 'execa';

import { filesBelow, ROOT, type Variables } from './cli.ts';
import { freshCopy } from './fresh-copy.ts';

/** All that an installation may find on a machine besides Node: no compiler, no make, no Python, no git. */
const MINIMAL_PATH = ['node', 'npm', 'sh', 'env'];

/** What decides how npm reaches its registry. */
const OF_THE_NETWORK = /^(NODE_EXTRA_CA_CERTS|SSL_CERT_(FILE|DIR)|(https?|no|all)_proxy)$/i;

export interface Package {
  /** The tarball. */
  readonly tarball: string;
  /** The folder in which it was made, and that with its files. */
  readonly copy: string;
  readonly unpacked: string;
  readonly files: readonly string[];
}

/** Packs what a fresh clone holds, with a build of its own, as `npm pack` does it for everybody. */
export async function pack(dir: string): Promise<Package> {
  const copy = await freshCopy(path.join(dir, 'clone'));
  // Built in the copy, whose packages are a link to ours, bundled modules would be named after where they really lie.
  await execa(process.execPath, [path.join(ROOT, 'scripts/build.mjs'), '--quiet', '--out', path.join(copy, 'dist')]);
  const to = path.join(dir, 'packed');
  await mkdir(to);
  await execa('npm', ['pack', '--ignore-scripts', '--loglevel', 'error', '--pack-destination', to], { cwd: copy, stdin: 'ignore' });
  const [name = ''] = await readdir(to);
  await execa('tar', ['-xzf', name], { cwd: to });
  const unpacked = path.join(to, 'package');
  return { tarball: path.join(to, name), copy, unpacked, files: filesBelow(unpacked) };
}

/** A folder to be all of PATH. */
export async function minimalPath(dir: string): Promise<string> {
  const bin = path.join(dir, 'minimal-bin');
  await mkdir(bin);
  for (const name of MINIMAL_PATH) await symlink(name === 'node' ? process.execPath : await whereIs(name), path.join(bin, name));
  return bin;
}

async function whereIs(name: string): Promise<string> {
  const { stdout } = await execa('sh', ['-c', `command -v ${name}`]);
  return realpathSync(stdout.trim());
}

/** Where npm takes packages from and keeps them, which a home folder of its own would hide. */
async function npmSource(): Promise<Variables> {
  const config = async (name: string): Promise<string> => (await execa('npm', ['config', 'get', name, '--loglevel', 'error'], { cwd: ROOT })).stdout.trim();
  const network = Object.entries(process.env).flatMap(([name, value]) => (OF_THE_NETWORK.test(name) && value !== undefined ? [[name, value] as const] : []));
  return { ...Object.fromEntries(network), npm_config_registry: await config('registry'), npm_config_cache: await config('cache') };
}

export interface Installation {
  readonly code: number;
  /** Everything that npm said. */
  readonly said: string;
}

/** Installs into `prefix` without scripts, in a home folder and with a PATH of its own; `more` are further flags. */
export async function install(tarball: string, prefix: string, more: readonly string[], env: Variables): Promise<Installation> {
  const words = ['install', '--prefix', prefix, '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund', ...more, tarball];
  const ended = await execa('npm', words, { env: { ...env, ...(await npmSource()) }, extendEnv: false, reject: false, stdin: 'ignore', all: true });
  return { code: ended.exitCode ?? -1, said: ended.all };
}
