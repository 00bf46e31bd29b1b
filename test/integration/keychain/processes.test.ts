import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { startFakeSecretService } from '../../support/fake-secret-service.ts';
import { bundleProgram } from '../../support/keychain-world.ts';
import type { BundledProgram } from '../../support/keychain-world.ts';
import { KEYRING_PROGRAMS, startBus, startKeyring } from '../../support/keyring.ts';
import type { PrivateKeyring } from '../../support/keyring.ts';
import { describeWith } from '../../support/requires.ts';

const run = promisify(execFile);

describeWith([...KEYRING_PROGRAMS, 'secret-tool'], 'processes that share a keychain', () => {
  let keyring: PrivateKeyring;
  let program: BundledProgram;
  let child: BundledProgram;
  beforeAll(async () => {
    [keyring, program, child] = await Promise.all([
      startKeyring(),
      bundleProgram('test/support/keychain-program.ts'),
      bundleProgram('src/adapters/keychain/child.ts'),
    ]);
  });
  afterAll(async () => {
    await keyring.stop();
    await Promise.all([program.remove(), child.remove()]);
  });

  const tell = async (...args: string[]): Promise<string> => (await run(process.execPath, [program.file, ...args], { env: keyring.env })).stdout.trim();

  it('lose nothing when 20 of them write at once', async () => {
    const accounts = Array.from({ length: 20 }, (_, index) => `process ${index}`);
    expect(await Promise.all(accounts.map((account) => tell('write', account)))).toEqual(accounts.map(() => 'written'));
    expect(await Promise.all(accounts.map((account) => tell('read', account)))).toEqual(accounts.map((account) => `value of ${account} ${'x'.repeat(1_500)}`));
  });

  it('all succeed when 20 of them write the same entry, which is then whole', async () => {
    expect(await Promise.all(Array.from({ length: 20 }, () => tell('write', 'same')))).toEqual(Array(20).fill('written'));
    expect(await tell('read', 'same')).toBe(`value of same ${'x'.repeat(1_500)}`);
  });

  it('see what other tools see, and the other way round', async () => {
    await tell('write', 'shown');
    const { stdout } = await run('secret-tool', ['lookup', 'service', 'keywright', 'account', 'https://api.example|shown'], { env: keyring.env });
    expect(JSON.parse(stdout)).toMatchObject({ v: 1, kind: 'key', obtained_at: 1 });
    await run('secret-tool', ['clear', 'service', 'keywright', 'account', 'https://api.example|shown'], { env: keyring.env });
    expect(await tell('read', 'shown')).toBe('absent');
  });

  it('end themselves with a last word when an unlocked keychain stops answering', async () => {
    const bus = await startBus();
    onTestFinished(bus.stop);
    const service = await startFakeSecretService(path.join(bus.dir, 'bus'), (member) => {
      if (member === 'ReadAlias') return ['o', ['/collection']];
      if (member === 'SearchItems') return ['aoao', [[], []]];
      if (member === 'OpenSession') return ['vo', [['s', ''], '/session']];
      return member === 'Get' ? ['v', [['b', false]]] : 'silence';
    });
    const writer = spawn(process.execPath, [program.file, 'write', 'any', '5000'], { env: bus.env, stdio: ['ignore', 'pipe', 'pipe'] });
    const said: string[] = [];
    for (const stream of [writer.stdout, writer.stderr]) stream.on('data', (chunk: Buffer) => said.push(String(chunk)));
    const [code, signal] = await once(writer, 'close');
    expect({ code, signal, said: said.join('') }).toEqual({ code: null, signal: 'SIGKILL', said: 'last words: timed-out\n' });
    expect(service.calls).toContain('GetAll');
    service.stop();
  });

  it('do not leave the child behind when the parent is killed while the keychain does not answer', async () => {
    const bus = await startBus();
    onTestFinished(bus.stop);
    const service = await startFakeSecretService(path.join(bus.dir, 'bus'), () => 'silence');
    const waiting = spawn(process.execPath, [child.file], { env: bus.env, stdio: ['pipe', 'ignore', 'ignore'] });
    waiting.stdin.write(`${JSON.stringify({ op: 'get', service: 's', name: 'a' })}\n`);
    while (service.calls.length === 0) await new Promise((resolve) => setTimeout(resolve, 25));
    const closed = once(waiting, 'close');
    // The kernel closes a pipe when the process at its other end is gone.
    waiting.stdin.end();
    expect(await closed).toEqual([null, 'SIGKILL']);
    service.stop();
  });

  it('read without loading the parts of Node and of the store that only a failure needs', async () => {
    const text = await readFile(program.file, 'utf8');
    expect(text).not.toMatch(/^(?:var|const|import)\b.*require\("(?:node:)?(?:net|child_process|crypto|fs\/promises)"\)/m);
  });
});
