/** A token from the system's own keychain, and the bridge that takes its key from there. */
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { PROGRAM } from '../../stage.mjs';
import { must } from '../ground.mjs';
import { firstMissing, openKeyring } from '../keyring.mjs';
import { pairs } from '../pairs.mjs';
import { writePrograms } from '../programs.mjs';
import { cannot, ratioRow } from '../row.mjs';
import { startServer } from '../server.mjs';

const TOKEN = 'A token from the system keychain';
const BRIDGE = 'The MCP bridge';
const SERVICE = 'keywright';
const KEYTAR = createRequire(import.meta.url).resolve('keytar');

const META = { 'io.modelcontextprotocol/protocolVersion': '2026-07-28', 'io.modelcontextprotocol/clientCapabilities': {} };
const LIST_TOOLS = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: { _meta: META } });
const HANG_MS = 60_000;

export async function keychainRows({ ground, size }) {
  let keyring;
  try {
    keyring = await openKeyring(ground);
  } catch (thrown) {
    const why = String(thrown?.message ?? thrown);
    return [cannot(TOKEN, 'auth token, from the keychain', why, 'at most 1.90'), cannot(BRIDGE, 'ready to read, and first answer', why, 'at most 1.30')];
  }
  const server = await startServer();
  ground.closing.push(server.stop);
  const programs = await writePrograms(ground);
  const env = { ...keyring.env, MEMAX_API_URL: server.origin };
  await must(env, ['login', 'memax', '--with-token'], `${ground.key}\n`);
  const ours = () => ground.ours(['auth', 'token', '--provider', 'memax'], env);
  const rows = [ratioRow(TOKEN, 'auth token, from the keychain', await pairs(size.pairs, ground.bare, ours), { most: 1.9 })];
  const smallest = [ground.node, programs('keychain.cjs'), KEYTAR, SERVICE, `${server.origin}|default`];
  const floor = await pairs(size.pairs, ground.bare, () => ground.stopwatch.run({ words: smallest, env }));
  rows.push(ratioRow(TOKEN, 'floor: the smallest program with keytar that reads the entry', floor));
  rows.push(await againstGh(ground, size, keyring, ours));
  return [...rows, ...(await bridgeRows({ ground, size, env, programs, server }))];
}

async function againstGh(ground, size, keyring, ours) {
  const what = 'auth token from the keychain, against gh auth token from its file';
  if (firstMissing(['gh']) !== undefined) return cannot(TOKEN, what, 'gh is not installed', 'at most 1.00');
  const folder = path.join(keyring.dir, 'gh');
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'hosts.yml'), `github.com:\n    user: bench\n    oauth_token: gho_${'0'.repeat(36)}\n    git_protocol: https\n`, {
    mode: 0o600,
  });
  const env = { ...keyring.env, GH_CONFIG_DIR: folder, GH_NO_UPDATE_NOTIFIER: '1' };
  const gh = () => ground.stopwatch.run({ words: ['gh', 'auth', 'token'], env });
  return ratioRow(TOKEN, what, await pairs(size.pairs, gh, ours), { most: 1 });
}

/** Milliseconds until the first line that a program writes, once it has been given a line. It is then ended, at once or as clients do it, and waited for. */
function untilFirstLine(words, env, line, end = (child) => child.kill('SIGKILL')) {
  const started = process.hrtime.bigint();
  const child = spawn(words[0], words.slice(1), { env, stdio: 'pipe' });
  return new Promise((resolve, reject) => {
    let [stdout, stderr, took] = ['', '', undefined];
    const limit = setTimeout(() => child.kill('SIGKILL'), HANG_MS);
    child.stderr.setEncoding('utf8').on('data', (text) => (stderr += text));
    child.stdout.setEncoding('utf8').on('data', (text) => {
      stdout += text;
      if (took !== undefined || !stdout.includes('\n')) return;
      took = Number(process.hrtime.bigint() - started) / 1e6;
      end(child);
    });
    child.stdin.on('error', () => undefined);
    child.stdin.write(`${line}\n`);
    child.on('error', reject);
    child.on('close', () => {
      clearTimeout(limit);
      // The time of a process that somebody else waits for has no memory and no processor time to tell.
      if (took === undefined) reject(new Error(`${words.join(' ')} wrote nothing: ${stderr}`));
      else resolve({ ms: took, cpuMs: 1, rssMb: 0, stdout });
    });
  });
}

async function bridgeRows({ ground, size, env, programs, server }) {
  const made = JSON.parse(
    await must({ ...env, MEMAX_API_KEY: ground.key }, [
      'auth',
      'create-grant',
      '--provider',
      'memax',
      '--agent',
      'bench',
      '--scope',
      'read',
      '--expires',
      '8h',
      '--json',
    ]),
  );
  const bridge = [ground.node, PROGRAM, 'mcp', 'memax', '--grant', made.id];
  const reader = [ground.node, programs('line-reader.cjs')];
  // What the first runs compile is kept by those that come to their end.
  for (let round = 0; round < 3; round += 1) await untilFirstLine(bridge, env, LIST_TOOLS, (child) => child.stdin.end());
  // A line that is no JSON is answered by the bridge itself: whoever answers it reads.
  const ready = await pairs(
    size.pairs,
    () => untilFirstLine(reader, env, 'x'),
    () => untilFirstLine(bridge, env, 'x'),
  );
  const once = [ground.node, programs('keychain-request.cjs'), KEYTAR, SERVICE, `${server.origin}|default`, `${server.origin}/mcp`];
  const first = await untilFirstLine(bridge, env, LIST_TOOLS);
  if (!first.stdout.includes('"result"')) throw new Error(`the bridge answered ${first.stdout}`);
  const answer = await pairs(
    size.pairs,
    () => untilFirstLine(once, env, LIST_TOOLS),
    () => untilFirstLine(bridge, env, LIST_TOOLS),
  );
  const times = ({ oursMs, baseMs, best }) => `${oursMs.toFixed(1)} ms against ${baseMs.toFixed(1)} ms; best/best ${best.toFixed(2)}`;
  return [
    { ...ratioRow(BRIDGE, 'ready to read, against the smallest line reader', ready, { most: 1.3 }), detail: times(ready) },
    { ...ratioRow(BRIDGE, 'first answer, against the smallest program with one keychain entry and one request', answer, { most: 1.3 }), detail: times(answer) },
  ];
}
