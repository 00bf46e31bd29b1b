import { spawn } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';

import { onTestFinished } from 'vitest';

import { createClock } from '../../src/adapters/clock.ts';
import { createEncryptedFileStore } from '../../src/adapters/encrypted-file/store.ts';
import { createGrantIndex } from '../../src/adapters/grants.ts';
import { createKeychainStore } from '../../src/adapters/keychain/store.ts';
import { createLock } from '../../src/adapters/lock/lock.ts';
import { createRandom } from '../../src/adapters/random.ts';
import type { CredentialStore } from '../../src/model/credential-store.ts';
import { PROGRAM, ROOT, until, type Variables } from './cli.ts';
import { keychainWorld } from './keychain-world.ts';
import { keepKey, type MadeGrant } from './mcp-grants.ts';

/** Keeps a grant in a home as keywright would: its record in the state folder, its key in the store that the record names. */
export async function keepGrant(env: Variables, { record, key }: Pick<MadeGrant, 'record' | 'key'>): Promise<void> {
  await createGrantIndex(path.join(env['XDG_STATE_HOME'] ?? '', 'keywright/grants')).write(record);
  await keepKey(await storeIn(env, record.store), record, key);
}

async function storeIn(env: Variables, name: 'keychain' | 'file'): Promise<CredentialStore> {
  if (name === 'keychain') {
    const childEntry = path.join(ROOT, 'dist/keychain-child.js');
    return createKeychainStore(keychainWorld({ ...env }, { alwaysInChild: true, childEntry }));
  }
  const [dir, locks] = [path.join(env['XDG_DATA_HOME'] ?? '', 'keywright'), path.join(env['XDG_RUNTIME_DIR'] ?? '', 'locks')];
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const lock = createLock({ dir: locks, clock: createClock(), random: createRandom(), platform: process.platform });
  return createEncryptedFileStore({ dir, env: {}, uid: process.getuid?.() ?? 0, lock, random: createRandom(), askPassphrase: undefined });
}

export interface BridgeProcess {
  readonly pid: number;
  say(line: string): void;
  /** The client goes: the end of stdin. */
  leave(): void;
  /** Every whole line of stdout. */
  lines(): readonly string[];
  /** The message with this id, once it is there. */
  answer(id: unknown): Promise<{ readonly result?: unknown; readonly error?: { readonly message: string } }>;
  stderr(): string;
  readonly ended: Promise<{ readonly code: number | null; readonly signal: string | null }>;
  kill(signal: NodeJS.Signals): void;
}

/** Starts the built bridge over pipes with exactly this environment. */
export function startBridge(env: Variables, words: readonly string[]): BridgeProcess {
  const child = spawn(process.execPath, [PROGRAM, 'mcp', ...words], { env: { ...env }, stdio: 'pipe' });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  child.stdin.on('error', () => undefined);
  const ended = new Promise<{ readonly code: number | null; readonly signal: string | null }>((resolve) =>
    child.on('close', (code, signal) => resolve({ code, signal })),
  );
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  const lines = (): readonly string[] => stdout.split('\n').slice(0, -1);
  return {
    pid: child.pid ?? -1,
    say: (line) => void child.stdin.write(`${line}\n`),
    leave: () => void child.stdin.end(),
    lines,
    answer: (id) =>
      until(`the answer to ${String(id)} (${stderr})`, () =>
        lines()
          .map((line) => JSON.parse(line))
          .find((message) => message.id === id && message.method === undefined),
      ),
    stderr: () => stderr,
    ended,
    kill: (signal) => void child.kill(signal),
  };
}
