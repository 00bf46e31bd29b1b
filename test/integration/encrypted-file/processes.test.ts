import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chmod, chown, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createClock } from '../../../src/adapters/clock.ts';
import { createEncryptedFileStore } from '../../../src/adapters/encrypted-file/store.ts';
import { createLock } from '../../../src/adapters/lock/lock.ts';
import { createRandom } from '../../../src/adapters/random.ts';
import type { CredentialStore } from '../../../src/model/credential-store.ts';
import { Secret } from '../../../src/model/secret.ts';
import { type Bundle, bundle } from '../../support/bundle.ts';
import { describeWith } from '../../support/requires.ts';

const HEX_KEY = '0123456789abcdef'.repeat(4);

let worker: Bundle;
let home: string;
let dir: string;
let path: string;

beforeAll(async () => {
  worker = await bundle(new URL('../../support/file-store-worker.ts', import.meta.url));
});
afterAll(() => worker.remove());
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'kw-store-'));
  dir = join(home, 'data');
  path = join(dir, 'credentials.jwe');
});
afterEach(() => rm(home, { recursive: true, force: true }));

const args = (...rest: readonly string[]): readonly string[] => [worker.path, dir, join(home, '.keywright', 'locks'), ...rest];
const env = { PATH: process.env['PATH'] };

function store(variables: Readonly<Record<string, string>> = {}): CredentialStore {
  const random = createRandom();
  const lock = createLock({ dir: join(home, '.keywright', 'locks'), clock: createClock(), random, platform: process.platform });
  return createEncryptedFileStore({ dir, env: variables, uid: process.getuid?.() ?? null, random, lock, askPassphrase: undefined });
}

async function output(child: ChildProcess): Promise<string> {
  let text = '';
  child.stdout?.on('data', (part: Buffer) => (text += part.toString()));
  await new Promise((resolve) => child.once('close', resolve));
  return text;
}

async function missing(accounts: readonly string[]): Promise<readonly string[]> {
  const reader = store();
  const lost: string[] = [];
  for (const account of accounts) if ((await reader.read({ origin: 'https://api.example', account })) === undefined) lost.push(account);
  return lost;
}

describe('the file store between processes', () => {
  it('loses none of the entries that 20 processes write at once, the first of all included', async () => {
    const accounts = Array.from({ length: 20 }, (_, index) => `account-${index}`);
    const outputs = await Promise.all(
      accounts.map((account) => output(spawn(process.execPath, args(account, '100'), { env, stdio: ['ignore', 'pipe', 'inherit'] }))),
    );
    expect(outputs).toEqual(accounts.map(() => 'written\n'));
    expect(await missing(accounts)).toEqual([]);
    expect((await readdir(dir)).sort()).toEqual(['credentials.jwe', 'store.key']);
  }, 120_000);

  it('keeps every entry that was said to be written, and opens, wherever its writers are killed', async () => {
    const said: string[] = [];
    for (let round = 0; round < 12; round += 1) {
      const child = spawn(process.execPath, args(`round-${round}`, 'forever'), { env, stdio: ['ignore', 'pipe', 'inherit'] });
      let text = '';
      const ended = new Promise((resolve) => child.once('close', resolve));
      // After its first entry it is in full swing; then it is killed at any moment.
      await new Promise<void>((resolve) => {
        child.stdout.on('data', (part: Buffer) => {
          text += part.toString();
          resolve();
        });
      });
      await createClock().sleep(Math.random() * 60);
      child.kill('SIGKILL');
      await ended;
      said.push(...text.split('\n').slice(0, -1));
      expect(await missing(said.slice(-1))).toEqual([]);
    }
    expect(await missing(said)).toEqual([]);
    await store().write({ origin: 'https://api.example', account: 'last' }, { kind: 'key', key: new Secret('k'), obtainedAt: 1 });
    expect((await readdir(dir)).sort()).toEqual(['credentials.jwe', 'store.key']);
  }, 120_000);

  it('is as it was, and says why, when the disk is full', async () => {
    await store().write({ origin: 'https://api.example', account: 'before' }, { kind: 'key', key: new Secret('k'), obtainedAt: 1 });
    const before = await readFile(path);
    // A limit to the size of a file: the system fails the write half-way, as it does on a full disk.
    const child = spawn('/bin/sh', ['-c', 'ulimit -f 16; exec "$0" "$@"', process.execPath, ...args('big', '100000')], {
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    expect(JSON.parse(await output(child))).toEqual({
      code: 'keychain-unavailable',
      detail: `The file store ${path} cannot be written: the disk is full (EFBIG); what it held is unchanged.`,
    });
    expect(await readFile(path)).toEqual(before);
    expect((await readdir(dir)).sort()).toEqual(['credentials.jwe', 'store.key']);
  }, 60_000);

  it('is as it was, and says why, when its folder cannot be written to', async () => {
    await store().write({ origin: 'https://api.example', account: 'before' }, { kind: 'key', key: new Secret('k'), obtainedAt: 1 });
    const before = await readFile(path);
    await chmod(dir, 0o500);
    // Root writes everywhere, so the child of root becomes somebody else, to whom all of this is given.
    const nobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
    if (process.getuid?.() === 0) {
      await chmod(dirname(worker.path), 0o755);
      for (const each of [home, dir, path, join(dir, 'store.key'), join(home, '.keywright'), join(home, '.keywright', 'locks')])
        await chown(each, 65_534, 65_534);
    }
    const child = spawn(process.execPath, args('more', '20'), { env, ...nobody, stdio: ['ignore', 'pipe', 'inherit'] });
    expect(JSON.parse(await output(child))).toEqual({
      code: 'keychain-unavailable',
      detail: `The file store ${path} cannot be written: its folder does not allow it (EACCES); what it held is unchanged.`,
    });
    await chmod(dir, 0o700);
    expect(await readFile(path)).toEqual(before);
  }, 60_000);
});

describeWith(['jose'], 'the file store and the jose command', () => {
  it('agree: any tool that knows JWE opens the store, given its key', async () => {
    await store({ KEYWRIGHT_STORE_KEY: HEX_KEY }).write(
      { origin: 'https://api.example', account: 'a' },
      { kind: 'key', key: new Secret('the key'), obtainedAt: 5 },
    );
    await mkdir(join(home, 'jwk'));
    const jwk = join(home, 'jwk', 'key.jwk');
    await writeFile(jwk, JSON.stringify({ kty: 'oct', k: Buffer.from(HEX_KEY, 'hex').toString('base64url') }));
    const opened: unknown = JSON.parse(execFileSync('jose', ['jwe', 'dec', '-i', path, '-k', jwk], { encoding: 'utf8' }));
    expect(opened).toEqual({ v: 1, entries: { 'https://api.example|a': JSON.stringify({ v: 1, kind: 'key', key: 'the key', obtained_at: 5 }) } });
  });
});
