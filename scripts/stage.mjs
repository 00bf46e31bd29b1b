/**
 * A stage for scripts that show or try the built program: a home folder of its own that is deleted at the end, the local backend, and a
 * small program that plays the person at the browser by filling in the real pages. It needs no display, no keychain and no account.
 */
import { spawn } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

import { build } from 'esbuild';

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..');

/** The built program. */
export const PROGRAM = path.join(root, 'bin', 'keywright.js');

/** Runs a program to its end. `onText` gets what it writes to stdout and stderr, as it comes. */
export async function runToEnd(file, words, { env, cwd, input, limitMs, onText = () => undefined }) {
  const child = spawn(file, words, { env, cwd, stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'] });
  const said = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'])
    child[name].setEncoding('utf8').on('data', (text) => {
      said[name] += text;
      onText(text);
    });
  if (input !== undefined) {
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  }
  const limit = limitMs === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), limitMs);
  const code = await new Promise((resolve) => {
    child.on('error', (error) => {
      said.stderr += String(error);
      resolve(127);
    });
    child.on('close', (status, signal) => resolve(status ?? (signal === 'SIGKILL' ? 137 : 128)));
  });
  clearTimeout(limit);
  return { code, ...said };
}

/** The local backend in a process of its own; resolves with its address once it listens. */
async function startBackend(env) {
  const child = spawn(process.execPath, [PROGRAM, 'backend', 'start', 'memax'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const address = await new Promise((resolve, reject) => {
    let text = '';
    child.on('exit', (code) => reject(new Error(`The backend ended with ${code} before it listened.`)));
    child.stdout.setEncoding('utf8').on('data', (part) => {
      text += part;
      const found = /^export MEMAX_API_URL=(\S+)$/m.exec(text);
      if (found !== null) resolve(found[1]);
    });
  });
  return { child, address };
}

/** A program that `BROWSER` can name: it opens the address and clicks through the pages like a person who says yes. */
async function writePerson(home) {
  const folder = path.join(home, 'bin');
  await mkdir(folder);
  const script = path.join(folder, 'person.cjs');
  await build({
    stdin: {
      contents:
        "import { signInAs } from './test/support/person.ts'; signInAs(process.argv[2], { decision: 'allow', deliver: true }).catch((thrown) => { console.error(thrown); process.exitCode = 1; });",
      resolveDir: root,
    },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    outfile: script,
    logLevel: 'error',
  });
  const file = path.join(folder, 'person');
  await writeFile(file, `#!${process.execPath}\nrequire(${JSON.stringify(script)});\n`);
  await chmod(file, 0o755);
  return file;
}

/** Opens a stage; `env` holds only what a program needs to run, so that no variable of the caller changes what is shown. `close` ends it. */
export async function openStage(name) {
  const home = await mkdtemp(path.join(tmpdir(), `keywright-${name}-`));
  const env = {
    PATH: process.env.PATH ?? '',
    HOME: home,
    USERPROFILE: home,
    XDG_DATA_HOME: path.join(home, 'data'),
    XDG_STATE_HOME: path.join(home, 'state'),
    XDG_CONFIG_HOME: path.join(home, 'config'),
    XDG_CACHE_HOME: path.join(home, 'cache'),
    KEYWRIGHT_STORE: 'file',
  };
  let backend;
  try {
    backend = await startBackend(env);
    env.MEMAX_API_URL = backend.address;
    env.BROWSER = await writePerson(home);
  } catch (thrown) {
    backend?.child.kill('SIGTERM');
    await rm(home, { recursive: true, force: true });
    throw thrown;
  }
  return {
    home,
    env,
    address: backend.address,
    async close() {
      backend.child.kill('SIGTERM');
      await rm(home, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
