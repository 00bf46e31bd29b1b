import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Node 20 reads extra certificates at every start, which no test of the launcher needs. */
const { NODE_EXTRA_CA_CERTS: _unneeded, ...ENV } = process.env;
export const LAUNCHER_ENV: Readonly<NodeJS.ProcessEnv> = ENV;

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Makes an installation of its own in `folder`: the real launcher, and a dist with these files. Gives the launcher. */
export async function installed(folder: string, dist: Readonly<Record<string, string>>): Promise<string> {
  await mkdir(folder, { recursive: true });
  await cp(path.join(ROOT, 'bin'), path.join(folder, 'bin'), { recursive: true });
  await cp(path.join(ROOT, 'package.json'), path.join(folder, 'package.json'));
  for (const [file, content] of Object.entries({ ...dist, 'package.json': '{"type":"commonjs"}' })) {
    if (Object.keys(dist).length === 0) break;
    await mkdir(path.dirname(path.join(folder, 'dist', file)), { recursive: true });
    await writeFile(path.join(folder, 'dist', file), content);
  }
  return path.join(folder, 'bin/keywright.js');
}

/** Runs a launcher to its end. `env` is added to that of the tests. */
export async function launch(launcher: string, args: readonly string[], nodeOptions: readonly string[] = [], env: NodeJS.ProcessEnv = {}): Promise<Outcome> {
  const child = spawn(process.execPath, [...nodeOptions, launcher, ...args], { env: { ...ENV, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { code, stdout, stderr };
}
