/**
 * `npm run demo`: the main job from sign-in to a refused key, with the built program against the local backend, printed as
 * a transcript. Everything happens in a folder that is deleted at the end; it needs no display, no keychain and no account.
 * The person at the browser is played by a small program that fills in the real pages.
 */
import { spawn } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

import { build } from 'esbuild';

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..');
const program = path.join(root, 'bin', 'keywright.js');
const home = await mkdtemp(path.join(tmpdir(), 'keywright-demo-'));

/** Only what a program needs to run: no variable of the caller can change what the demo shows. */
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

const say = (text) => process.stdout.write(text);
const indented = (text) => text.replace(/^(?=.)/gm, '    ');

/** Runs the program to its end and prints the command with what it said. A key is cut short, since a transcript is kept. */
async function keywright(words, { extra = {}, expect = 0, shown = words, silent = false } = {}) {
  const child = spawn(process.execPath, [program, ...words], { env: { ...env, ...extra }, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let both = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    stdout += text;
    both += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => (both += text));
  const code = await new Promise((resolve) => child.on('close', resolve));
  if (!silent)
    say(
      `$ ${Object.keys(extra).length > 0 ? 'MEMAX_API_KEY=$KEY ' : ''}keywright ${shown.join(' ')}\n${indented(shorten(both))}${code === 0 ? '' : `    (exit ${code})\n`}\n`,
    );
  if (code !== expect) throw new Error(`"keywright ${shown.join(' ')}" ended with ${code} where ${expect} was expected.\n${shorten(both)}`);
  return stdout;
}

const shorten = (text) =>
  text
    .replace(/mxk_[0-9a-f]{8,}/g, (key) => `${key.slice(0, 8)}... (shown whole in real life)`)
    .replace(/([?&](?:state|code_challenge|client_id|code)=)[^&\s]+/g, '$1...');

/** A call to the API as any program makes it. */
async function call(key) {
  const response = await fetch(`${env.MEMAX_API_URL}/v1/memories`, { headers: { authorization: `Bearer ${key}` } });
  await response.body?.cancel();
  return response.status;
}

/** The local backend in a process of its own; resolves with its address once it listens. */
async function startBackend() {
  const child = spawn(process.execPath, [program, 'backend', 'start', 'memax'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
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
async function writePerson() {
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

let backend;
try {
  say('# The local backend stands in for the provider: a real OAuth server and the real API, on this machine only.\n$ keywright backend start memax\n');
  backend = await startBackend();
  env.MEMAX_API_URL = backend.address;
  env.BROWSER = await writePerson();
  say(`\n$ export MEMAX_API_URL=${backend.address}\n\n# Sign in through the browser. Here a small program clicks "Continue" and "Allow" on the real pages.\n`);
  await keywright(['login', 'memax']);
  await keywright(['whoami']);

  say('# A key for a pipeline. The key is alone on stdout, so that a variable or a file can take it.\n');
  const key = (await keywright(['auth', 'create-key', 'ci-deploy', '--scope', 'read', '--expires', '90d'])).trim();
  say(`# A call made with the key, as any program would make it:\n$ GET /v1/memories   (Authorization: Bearer $KEY)\n    ${await call(key)}\n\n`);
  await keywright(['whoami'], { extra: { MEMAX_API_KEY: key } });
  await keywright(['auth', 'list-keys']);

  const [{ id }] = JSON.parse(await keywright(['auth', 'list-keys', '--json'], { silent: true }));
  await keywright(['auth', 'revoke-key', id]);
  const after = await call(key);
  say(`# The same call with the revoked key:\n$ GET /v1/memories   (Authorization: Bearer $KEY)\n    ${after}\n\n`);
  if (after !== 401) throw new Error('The revoked key still worked.');
  await keywright(['whoami'], { extra: { MEMAX_API_KEY: key }, expect: 4 });
  await keywright(['logout', 'memax']);
  say('# Nothing is left: the session is revoked and forgotten.\n');
} catch (thrown) {
  process.stderr.write(`\nThe demo failed: ${thrown instanceof Error ? thrown.message : String(thrown)}\n`);
  process.exitCode = 1;
} finally {
  backend?.child.kill('SIGTERM');
  await rm(home, { recursive: true, force: true });
}
