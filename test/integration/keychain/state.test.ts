import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createClock } from '../../../src/adapters/clock.ts';
import { askKeychainState } from '../../../src/adapters/keychain/bus/keychain-state.ts';
import type { KeychainState } from '../../../src/adapters/keychain/bus/keychain-state.ts';
import { lookUp } from '../../../src/adapters/keychain/bus/look-up.ts';
import type { LookUp } from '../../../src/adapters/keychain/bus/look-up.ts';
import type { BusQuestion } from '../../../src/adapters/keychain/bus/secret-service.ts';
import { startFakeSecretService } from '../../support/fake-secret-service.ts';
import type { FakeAnswer } from '../../support/fake-secret-service.ts';
import { BUS_PROGRAMS, KEYRING_PROGRAMS, startBus, startKeyring } from '../../support/keyring.ts';
import type { PrivateBus, PrivateKeyring } from '../../support/keyring.ts';
import { describeWith } from '../../support/requires.ts';

/** No test waits for it unless it says so; on a slow machine a real answer must still come in time. */
const LONG_MS = 60_000;

function question(env: Record<string, string>, changes: Partial<BusQuestion>): BusQuestion {
  return { env, uid: process.getuid?.() ?? 0, clock: createClock(), limitMs: LONG_MS, ...changes };
}

function ask(env: Record<string, string>, changes: Partial<BusQuestion> = {}): Promise<KeychainState> {
  return askKeychainState(question(env, changes));
}

function find(env: Record<string, string>, service: string, account: string, changes: Partial<BusQuestion> = {}): Promise<LookUp> {
  return lookUp(question(env, changes), { service, account });
}

const settled = { tellLibrary: undefined };

describeWith([...KEYRING_PROGRAMS, 'secret-tool'], 'the state of a real keychain', () => {
  let keyring: PrivateKeyring;
  beforeAll(async () => {
    keyring = await startKeyring();
    const tool = spawn('secret-tool', ['store', '--label=x', 'service', 's \u00fc', 'account', 'a|b'], {
      env: { ...keyring.env, LC_ALL: 'C.UTF-8' },
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    tool.stdin.end('value');
    expect(await once(tool, 'close')).toEqual([0, null]);
  });
  afterAll(() => keyring.stop());

  it('is unlocked, and a search tells what is there from what is not', async () => {
    expect(await ask(keyring.env)).toEqual({ kind: 'unlocked', ...settled });
    expect(await find(keyring.env, 's \u00fc', 'a|b')).toEqual({ kind: 'value', value: 'value', ...settled });
    expect(await find(keyring.env, 's \u00fc', 'a')).toEqual({ kind: 'absent' });
  });

  it('is asked at the first address that answers', async () => {
    const env = { ...keyring.env, DBUS_SESSION_BUS_ADDRESS: `unix:path=/no/such/bus;${keyring.env['DBUS_SESSION_BUS_ADDRESS'] ?? ''}` };
    expect(await ask(env)).toEqual({ kind: 'unlocked', ...settled });
  });

  it('is not told to a user that the bus does not know', async () => {
    expect(await ask(keyring.env, { uid: 4_294_967_000 })).toEqual({ kind: 'no-bus', why: 'refused' });
  });

  it('is locked after it was locked, for what it holds and for what it does not', async () => {
    await keyring.lock();
    expect(await ask(keyring.env)).toEqual({ kind: 'locked', ...settled });
    expect(await find(keyring.env, 's \u00fc', 'a|b')).toEqual({ kind: 'locked', ...settled });
    expect(await find(keyring.env, 's \u00fc', 'a')).toEqual({ kind: 'locked', ...settled });
  });

  it('is unknown without a default collection, though a search still works', async () => {
    const fresh = await startKeyring({ fresh: true });
    onTestFinished(fresh.stop);
    expect(await ask(fresh.env)).toEqual({ kind: 'unknown', why: 'no-default', ...settled });
    expect(await find(fresh.env, 'none', 'none')).toEqual({ kind: 'absent' });
  });
});

describeWith(BUS_PROGRAMS, 'the state on a bus without a keychain', () => {
  const buses: PrivateBus[] = [];
  const bus = async (activatable: readonly string[] = []): Promise<PrivateBus> => {
    const started = await startBus({ activatable });
    buses.push(started);
    return started;
  };
  afterAll(async () => {
    for (const started of buses) await started.stop();
  });

  it('is that there is none', async () => {
    expect(await ask((await bus()).env)).toEqual({ kind: 'no-service' });
  });

  it('is unknown where one could be started, and asking does not start it', async () => {
    const { env } = await bus(['org.freedesktop.secrets']);
    expect(await ask(env)).toEqual({ kind: 'unknown', why: 'not-running', ...settled });
    // Its program ends at once: had it been started, the bus would have said so instead.
    expect(await ask(env)).toEqual({ kind: 'unknown', why: 'not-running', ...settled });
  });

  it('is unknown after the limit when a service owns the name and never answers', async () => {
    const { env, dir } = await bus();
    const service = await startFakeSecretService(path.join(dir, 'bus'), () => 'silence');
    expect(await ask(env, { limitMs: 300 })).toEqual({ kind: 'unknown', why: 'silent', ...settled });
    expect(service.calls).toEqual(['ReadAlias']);
    service.stop();
  });

  it('is locked for an entry that lies in a locked part, though the default collection is open', async () => {
    const { env, dir } = await bus();
    const answers: Record<string, FakeAnswer> = {
      SearchItems: ['aoao', [[], ['/item']]],
      OpenSession: ['vo', [['s', ''], '/session']],
      ReadAlias: ['o', ['/collection']],
      Get: ['v', [['b', false]]],
    };
    const service = await startFakeSecretService(path.join(dir, 'bus'), (member) => answers[member] ?? 'silence');
    expect(await find(env, 'any', 'any')).toEqual({ kind: 'locked', ...settled });
    service.stop();
  });

  it.each([
    ['has no plain session', { OpenSession: ['s', ['no']], GetSecret: ['(oayays)', [['/session', [], [65], 'text/plain']]] }],
    ['gives a value that is no list of bytes', { OpenSession: ['vo', [['s', ''], '/session']], GetSecret: ['s', ['A']] }],
    ['answers a search with something else', { SearchItems: ['s', ['none']], OpenSession: ['vo', [['s', ''], '/session']] }],
  ] satisfies ReadonlyArray<readonly [string, Record<string, FakeAnswer>]>)('is unknown, not absent, when a service %s', async (_title, odd) => {
    const { env, dir } = await bus();
    const answers: Record<string, FakeAnswer> = {
      SearchItems: ['aoao', [['/item'], []]],
      ReadAlias: ['o', ['/collection']],
      Get: ['v', [['b', false]]],
      ...odd,
    };
    const service = await startFakeSecretService(path.join(dir, 'bus'), (member) => answers[member] ?? 'silence');
    expect(await find(env, 'any', 'any')).toEqual({ kind: 'unknown', why: 'odd-answer', ...settled });
    service.stop();
  });

  it.each([
    ['a text in place of a truth value', 's', ['false']],
    ['a number', 'u', [0]],
  ] as const)('is unknown when a service answers Locked with %s', async (_title, type, [value]) => {
    const { env, dir } = await bus();
    const service = await startFakeSecretService(path.join(dir, 'bus'), (member) => (member === 'Get' ? ['v', [[type, value]]] : ['o', ['/collection']]));
    expect(await ask(env)).toEqual({ kind: 'unknown', why: 'no-default', ...settled });
    service.stop();
  });
});

describe('the state without a bus', () => {
  it('is no bus where no address leads to one', async () => {
    expect(await ask({ XDG_RUNTIME_DIR: '/no/such/folder' }, { uid: 4_294_967_000 })).toEqual({ kind: 'no-bus', why: 'no-address' });
  });

  it('is no bus where nobody listens', async () => {
    expect(await ask({ DBUS_SESSION_BUS_ADDRESS: 'unix:path=/no/such/bus;unix:abstract=no-such-bus' })).toEqual({ kind: 'no-bus', why: 'refused' });
  });

  it.each([
    ['hangs up', (): string => '', { kind: 'no-bus', why: 'refused' }],
    ['refuses to authenticate', (): string => 'REJECTED EXTERNAL\r\n', { kind: 'no-bus', why: 'refused' }],
    ['answers with something else', (): string => 'OK 0123\r\nHTTP/1.1 400 Bad Request and so on\r\n', { kind: 'no-bus', why: 'refused' }],
  ])('is no bus where the other side %s', async (_title, says, expected) => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      const text = says();
      if (text === '') socket.destroy();
      else socket.write(text);
    });
    const name = `keywright-test-${process.pid}-${Math.random()}`;
    await new Promise<void>((resolve) => server.listen(`\0${name}`, resolve));
    expect(await ask({ DBUS_SESSION_BUS_ADDRESS: `unix:abstract=${name}` })).toEqual(expected);
    server.close();
  });

  it('is unknown after the limit where the other side says nothing, and the connection is given up', async () => {
    let closed: () => void = () => undefined;
    const given = new Promise<void>((resolve) => (closed = resolve));
    const server = createServer((socket) => void socket.on('close', closed).resume());
    const name = `keywright-test-${process.pid}-${Math.random()}`;
    await new Promise<void>((resolve) => server.listen(`\0${name}`, resolve));
    expect(await ask({ DBUS_SESSION_BUS_ADDRESS: `unix:abstract=${name}` }, { limitMs: 200 })).toEqual({ kind: 'unknown', why: 'silent', ...settled });
    await given;
    server.close();
  });
});
