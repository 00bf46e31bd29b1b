import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { open, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type LocalBackend, type LocalRealm, startBackend } from '../../src/backend/start.ts';
import { makeStandIn, type StandIn } from '../support/browser.ts';
import { type Home, keywright, leadingTo, leftBehind, makeHome, PROGRAM, start, until, type Variables } from '../support/cli.ts';
import { describeWith } from '../support/requires.ts';
import { openTerminal, type Terminal } from '../support/tmux.ts';

/** Every variable that holds a credential or opens a store. */
const CREDENTIALS: Variables = {
  API_KEY: 'planted-bare-key',
  KEYWRIGHT_API_KEY: 'planted-general-key',
  KEYWRIGHT_STORE_KEY: 'cGxhbnRlZC1zdG9yZS1rZXktb2YtMzItYnl0ZXMtISE',
  KEYWRIGHT_STORE_PASSPHRASE: 'planted-passphrase',
  MINDS_API_KEY: 'planted-minds-key',
  REMINIX_API_KEY: 'planted-reminix-key',
  AGNTIX_API_KEY: 'planted-agntix-key',
  ACME_API_KEY: 'planted-key-of-an-own-provider',
};

const MEGABYTE = 1_000_000;

let backend: LocalBackend;
let realm: LocalRealm;
let standIn: StandIn;
let home: Home;
let ciHome: Home;
/** With a key in a variable, and nobody signed in. */
let env: Variables;
/** With a sign-in in the encrypted file. */
let signedInEnv: Variables;
let key: string;

beforeAll(async () => {
  backend = await startBackend({ realms: ['memax'], dataDir: undefined, port: 0 });
  realm = backend.realm('memax');
  standIn = await makeStandIn();
  home = await makeHome();
  ciHome = await makeHome();
  signedInEnv = { ...home.env, ...leadingTo(realm), KEYWRIGHT_STORE: 'file' };
  const ended = await keywright({ ...signedInEnv, BROWSER: standIn.allow }, ['login', 'memax']);
  if (ended.code !== 0) throw new Error(ended.stderr);
  key = (await keywright(signedInEnv, ['auth', 'create-key', 'for-programs'])).stdout.trim();
  env = { ...ciHome.env, ...leadingTo(realm), MEMAX_API_KEY: key };
});

afterAll(async () => {
  await backend.stop();
  await standIn.remove();
  const left = await leftBehind([home.dir, ciHome.dir], [backend]);
  await home.remove();
  await ciHome.remove();
  expect(left).toEqual([]);
});

/** How the process itself ended, a signal told apart from its number. */
async function ending(words: readonly string[]): Promise<{ readonly code: number | undefined; readonly signal: string | undefined; readonly stdout: string }> {
  const result = await execa(process.execPath, [PROGRAM, 'run', '--', ...words], { env, extendEnv: false, reject: false, stdin: 'ignore' });
  return { code: result.exitCode, signal: result.signal, stdout: result.stdout };
}

const file = (name: string): string => path.join(home.dir, name);

describe('what a program is given', () => {
  it('is our environment with one credential and no other of ours', async () => {
    const own = path.join(ciHome.env['XDG_CONFIG_HOME'] ?? '', 'keywright/providers');
    await execa('mkdir', ['-p', own]);
    await writeFile(path.join(own, 'acme.json'), '{}');
    const words = ['run', '--provider', 'memax', '--', 'sh', '-c', `env -0 > "$1"`, 'sh', file('env')];
    expect(await keywright({ ...env, ...CREDENTIALS, KEPT: 'as it is' }, words)).toMatchObject({ code: 0, stdout: '' });
    const given = Object.fromEntries(
      (await readFile(file('env'), 'utf8'))
        .split('\0')
        .filter((line) => line !== '')
        .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
    );
    // The shell adds some of its own.
    const { PWD: _pwd, OLDPWD: _oldpwd, SHLVL: _shlvl, _: _last, ...others } = given;
    expect(others).toEqual({ ...env, KEPT: 'as it is' });
    await execa('rm', ['-r', own]);
  });

  it('is our standard input, to the last byte', async () => {
    const input = 'line\n'.repeat(200_000);
    const { code, stdout } = await keywright(env, ['run', '--', 'sha256sum'], { input });
    expect([code, stdout]).toEqual([0, `${createHash('sha256').update(input).digest('hex')}  -\n`]);
  });
});

describe('how we end', () => {
  it.each([
    ['code', 'exit 0', { code: 0, signal: undefined }],
    ['code', 'exit 7', { code: 7, signal: undefined }],
    ['signal', 'kill -TERM $$', { code: undefined, signal: 'SIGTERM' }],
    ['signal', 'kill -INT $$', { code: undefined, signal: 'SIGINT' }],
    ['signal', 'kill -HUP $$', { code: undefined, signal: 'SIGHUP' }],
    ['signal', 'kill -KILL $$', { code: undefined, signal: 'SIGKILL' }],
    ['signal', 'kill -USR1 $$', { code: undefined, signal: 'SIGUSR1' }],
    ['signal', 'kill -PIPE $$', { code: undefined, signal: 'SIGPIPE' }],
    // It would leave a core file of ours with the credential in it.
    ['code for a signal that dumps', 'kill -SEGV $$', { code: 139, signal: undefined }],
    ['code for a signal that dumps', 'kill -QUIT $$', { code: 131, signal: undefined }],
  ])('is the %s of the program: %s', async (_what, script, expected) => {
    expect(await ending(['sh', '-c', script])).toEqual({ ...expected, stdout: '' });
  });

  it('is 127 or 126 where nothing was started', async () => {
    expect((await ending(['no-such-program'])).code).toBe(127);
    expect((await ending([home.dir])).code).toBe(126);
  });

  it.each(['SIGTERM', 'SIGHUP', 'SIGINT', 'SIGQUIT'] as const)('is up to the program when %s comes to us', async (signal) => {
    const name = signal.slice(3);
    const running = start(env, [
      'run',
      '--',
      'sh',
      '-c',
      `trap 'echo heard; exit 5' ${name}; echo ready > "$1"; while :; do sleep 0.05; done`,
      'sh',
      file(`ready-${name}`),
    ]);
    await until('the program to be ready', () => readFile(file(`ready-${name}`)).catch(() => undefined));
    running.kill(signal);
    expect(await running.ended).toMatchObject({ code: 5, stdout: 'heard\n' });
  });

  it('is the end of a program that nobody listens to any more', async () => {
    const script = '"$@" | head -n 1; echo "${PIPESTATUS[0]}"';
    const { stdout } = await execa('bash', ['-c', script, 'bash', process.execPath, PROGRAM, 'run', '--', 'yes'], { env, extendEnv: false, stdin: 'ignore' });
    expect(stdout).toBe('y\n141');
  });

  it('is not put off by a reader that does not read, where the program was told to end', async () => {
    const ready = file('ready-stalled');
    const words = [PROGRAM, 'run', '--', 'sh', '-c', 'echo > "$1"; exec yes', 'sh', ready];
    const child = spawn(process.execPath, words, { env, stdio: ['ignore', 'pipe', 'ignore'] });
    const ended = new Promise((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })));
    await until('the program to run', () => readFile(ready).catch(() => undefined));
    // Time to fill every buffer on the way; with less of it the test proves less, and does not fail.
    await new Promise((resolve) => setTimeout(resolve, 500));
    child.kill('SIGTERM');
    expect(await ended).toEqual({ code: null, signal: 'SIGTERM' });
  });

  it('is a failure where what the program wrote could not be', async () => {
    const words = ['-c', '"$@" > /dev/full', 'sh', process.execPath, PROGRAM, 'run', '--', 'echo', 'text'];
    const { exitCode, stderr } = await execa('sh', words, { env, extendEnv: false, reject: false, stdin: 'ignore' });
    expect([exitCode, stderr]).toEqual([5, expect.stringContaining("The program's output cannot be written (ENOSPC).")]);
  });

  it('is not put off by what the program left running, which is said', async () => {
    const { code, stdout, stderr } = await keywright(env, ['run', '--', 'sh', '-c', 'sleep 1000 & echo $!; exit 3']);
    process.kill(Number(stdout), 'SIGKILL');
    expect([code, stderr]).toEqual([3, expect.stringContaining('something that it started still holds its output')]);
  });
});

describe('what goes through the mask', () => {
  /** Runs a script of the shell under us, with our own outputs led elsewhere. */
  const redirected = (where: string, script: string) =>
    execa('sh', ['-c', `"$@" ${where}`, 'sh', process.execPath, PROGRAM, 'run', '--', 'sh', '-c', script], { env, extendEnv: false, stdin: 'ignore' });

  it('comes out as it was, 100 MB of any bytes', async () => {
    const before = createHash('sha256');
    const bytes = await open(file('bytes'), 'w');
    const block = Buffer.from(Array.from({ length: 1_000_003 }, (_none, index) => (Math.imul(index, 2654435761) >>> 13) & 0xff));
    for (let part = 0; part < 100; part += 1) {
      const turned = Buffer.concat([block.subarray(part * 997), block.subarray(0, part * 997)]).subarray(0, MEGABYTE);
      before.update(turned);
      await bytes.write(turned);
    }
    await bytes.close();
    const script = '"$@" | sha256sum';
    const through = ['bash', '-c', script, 'bash', process.execPath, PROGRAM, 'run', '--', 'cat', file('bytes')];
    const { stdout } = await execa('env', through, { env, extendEnv: false, stdin: 'ignore' });
    expect(stdout).toBe(`${before.digest('hex')}  -`);
  });

  it('has no credential in it, in pipes and files, also in what a script opens by name', async () => {
    const script =
      'echo "$MEMAX_API_KEY" > /dev/stdout; echo "$MEMAX_API_KEY" > /dev/stderr; printf "\\033[1m%s\\033[0m%s\\n" "${MEMAX_API_KEY%??????}" "${MEMAX_API_KEY#${MEMAX_API_KEY%??????}}"';
    const result = await redirected(`> '${file('captured')}'`, script);
    expect([await readFile(file('captured'), 'utf8'), result.stderr]).toEqual(['[secret]\n\u001b[1m[secret]\u001b[0m\n', '[secret]']);
  });

  it('keeps the order of both outputs where they go to one place', async () => {
    const script = 'for i in $(seq 300); do echo "out $i"; echo "err $i" >&2; done';
    await redirected(`> '${file('both')}' 2>&1`, script);
    const expected = Array.from({ length: 300 }, (_none, index) => `out ${index + 1}\nerr ${index + 1}\n`).join('');
    expect(await readFile(file('both'), 'utf8')).toBe(expected);
  });

  it('is nothing with --no-mask', async () => {
    expect(await keywright(env, ['run', '--no-mask', '--', 'printenv', 'MEMAX_API_KEY'])).toEqual({ code: 0, stdout: `${key}\n`, stderr: '' });
  });
});

describe('a key for one run', () => {
  const keysLeft = async (): Promise<readonly string[]> => {
    const { stdout } = await keywright(signedInEnv, ['auth', 'list-keys', '--json', '--quiet']);
    const listed: ReadonlyArray<{ readonly name: string }> = JSON.parse(stdout);
    return listed.map(({ name }) => name).filter((name) => name.includes('~'));
  };

  it.each(['SIGTERM', 'SIGHUP', 'SIGINT'] as const)('is revoked when we get %s', async (signal) => {
    const ready = file(`running-${signal}`);
    const running = start(signedInEnv, ['run', '--ephemeral', '--read-only', '--', 'sh', '-c', 'echo > "$1"; exec sleep 1000', 'sh', ready]);
    await until('the program to run', () => readFile(ready).catch(() => undefined));
    expect(await keysLeft()).toEqual([expect.stringMatching(/^sh~[a-z0-9]{4}$/)]);
    realm.stats.reset();
    running.kill(signal);
    await running.ended;
    expect(realm.stats.count('keys.revoke')).toBe(1);
    expect(await keysLeft()).toEqual([]);
  });

  it('is revoked when the program is killed', async () => {
    const ended = await keywright(signedInEnv, ['run', '--ephemeral', '--', 'sh', '-c', 'kill -KILL $$']);
    expect(ended.code).toBe(137);
    expect(await keysLeft()).toEqual([]);
  });

  it('is revoked by the next command when we are killed, and by none before', async () => {
    const ready = file('running-SIGKILL');
    const running = start(signedInEnv, ['run', '--ephemeral', '--', 'sh', '-c', 'echo $$ > "$1"; exec sleep 1000', 'sh', ready]);
    const program = await until('the program to run', async () => Number(await readFile(ready, 'utf8').catch(() => '')) || undefined);
    expect((await keywright(signedInEnv, ['auth', 'status'])).stderr).toBe('');
    expect(await keysLeft()).toHaveLength(1);
    running.kill('SIGKILL');
    process.kill(program, 'SIGKILL');
    expect((await running.ended).code).toBe(137);
    expect(await keysLeft()).toHaveLength(1);
    expect((await keywright(signedInEnv, ['run', '--', 'true'])).stderr).toMatch(/^Revoked the key "sh~[a-z0-9]{4}" at memax/);
    expect(await keysLeft()).toEqual([]);
    expect((await keywright(signedInEnv, ['auth', 'status'])).stderr).toBe('');
  });
});

describeWith(['tmux', 'bash'], 'in a terminal', () => {
  const terminals: Terminal[] = [];

  /** A shell's words with `kw` for the program: redirections are the shell's business. */
  async function shell(script: string): Promise<Terminal> {
    const terminal = await openTerminal(env, ['bash', '-c', `kw() { "${process.execPath}" "${PROGRAM}" "$@"; }; ${script}`]);
    terminals.push(terminal);
    return terminal;
  }

  afterAll(async () => {
    await Promise.all(terminals.map((terminal) => terminal.close()));
  });

  it('is handed through untouched', async () => {
    const terminal = await shell(`kw run -- sh -c 'test -t 0 && test -t 1 && test -t 2 && echo all three; echo "$MEMAX_API_KEY"; echo "$MEMAX_API_KEY" >&2'`);
    expect(await terminal.ended()).toBe(0);
    const screen = await terminal.screen();
    expect(screen).toContain('all three');
    expect(screen.split(key)).toHaveLength(3);
  });

  it('is handed through where only the other output is captured', async () => {
    const terminal = await shell(`kw run -- sh -c 'test -t 2 && echo "$MEMAX_API_KEY" >&2; echo "$MEMAX_API_KEY"' > '${file('one')}'`);
    expect(await terminal.ended()).toBe(0);
    expect(await terminal.screen()).toContain(key);
    expect(await readFile(file('one'), 'utf8')).toBe('[secret]\n');
  });

  it('sends Ctrl-C to the program once, and we end as it does', async () => {
    const count = `let n = 0; process.on('SIGINT', () => { n += 1; setTimeout(() => { console.log('heard ' + n); process.exit(6); }, 400); }); setInterval(() => {}, 1000); console.log('ready');`;
    for (const redirected of ['', ` < /dev/null 2>&1 | (trap '' INT; cat)`]) {
      const terminal = await shell(`kw run -- node -e "${count}"${redirected}; echo "\${PIPESTATUS[0]}"`);
      await terminal.shows(/^ready$/m);
      await terminal.press('C-c');
      // The terminal itself writes ^C before it.
      expect(await terminal.shows(/heard [0-9]+$/m)).toMatch(/heard 1$/m);
    }
    const dying = await shell(`kw run -- sh -c 'echo ready; exec sleep 1000'`);
    await dying.shows(/^ready$/m);
    await dying.press('C-c');
    expect(await dying.ended()).toBe(130);
  });
});
