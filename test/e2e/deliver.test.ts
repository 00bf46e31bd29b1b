import { spawn } from 'node:child_process';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type LocalBackend, type LocalRealm, startBackend } from '../../src/backend/start.ts';
import { makeStandIn, type StandIn } from '../support/browser.ts';
import { type Ended, filesWith, type Home, keywright, leadingTo, leftBehind, makeHome, PROGRAM, start, until, type Variables } from '../support/cli.ts';
import { type FakeGithub, SEAL_BYTES, startFakeGithub } from '../support/fake-github.ts';
import { type Seen, watchProcesses } from '../support/process-watch.ts';
import { describeWith } from '../support/requires.ts';
import { openTerminal } from '../support/tmux.ts';

/** Every variable that holds a credential or opens a store, with a value to look for. */
const CREDENTIALS: Variables = {
  API_KEY: 'planted-bare-key',
  KEYWRIGHT_API_KEY: 'planted-general-key',
  KEYWRIGHT_STORE_KEY: 'cGxhbnRlZC1zdG9yZS1rZXktb2YtMzItYnl0ZXMtISE',
  KEYWRIGHT_STORE_PASSPHRASE: 'planted-passphrase',
};

const KEY = /^mxk_[0-9a-f]{64}\n$/;

let backend: LocalBackend;
let realm: LocalRealm;
let standIn: StandIn;
let home: Home;
let env: Variables;
let ownKey: string;
/** Where sinks may write. */
let places: Home;
let elsewhere: Home;

const at = (...names: readonly string[]): string => path.join(places.dir, ...names);

beforeAll(async () => {
  backend = await startBackend({ realms: ['memax'], dataDir: undefined, port: 0 });
  realm = backend.realm('memax');
  standIn = await makeStandIn();
  home = await makeHome();
  places = await makeHome();
  elsewhere = await makeHome();
  const signedIn = { ...elsewhere.env, ...leadingTo(realm), KEYWRIGHT_STORE: 'file' };
  await keywright({ ...signedIn, BROWSER: standIn.allow }, ['login', 'memax']);
  ownKey = (await keywright(signedIn, ['auth', 'create-key', 'own'])).stdout.trim();
  env = { ...home.env, ...leadingTo(realm), MEMAX_API_KEY: ownKey };
});

afterAll(async () => {
  await backend.stop();
  await standIn.remove();
  const left = await leftBehind([home.dir, places.dir, elsewhere.dir], [backend]);
  await home.remove();
  await places.remove();
  await elsewhere.remove();
  expect(left).toEqual([]);
});

async function program(name: string, script: string): Promise<string> {
  await writeFile(at(name), `#!/bin/sh\n${script}\n`);
  await chmod(at(name), 0o755);
  return at(name);
}

/** The names of the keys that there are, but for the first. */
async function names(): Promise<readonly string[]> {
  const keys: ReadonlyArray<{ readonly name: string }> = JSON.parse((await keywright(env, ['auth', 'list-keys', '--json'])).stdout);
  return keys.map(({ name }) => name).filter((name) => name !== 'own');
}

const create = (name: string, ...words: readonly string[]): readonly string[] => ['auth', 'create-key', name, ...words];

/** A shell around the program, for redirections; the files that they name lie where sinks may write. */
const redirected = (redirection: string): readonly string[] => ['sh', '-c', `exec "$0" "$@" ${redirection}`, process.execPath, PROGRAM];

describe('a key that nobody can take', () => {
  it.each([[[]], [['--json']], [['--format', 'env']]])('is revoked where stdout is closed before it comes, with %j', async (words) => {
    const child = spawn(process.execPath, [PROGRAM, ...create('into-nothing', ...words)], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.destroy();
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString('utf8')));
    const code = await new Promise((resolve) => child.once('close', resolve));
    expect({ code, stderr }).toEqual({
      code: 5,
      stderr: expect.stringMatching(/Nobody reads the output any more\. Nothing took the new key "into-nothing" \(id \S+\), so it was revoked again\./),
    });
    expect(await names()).not.toContain('into-nothing');
  });

  // Linux alone has a device that is always full.
  it.runIf(existsSync('/dev/full'))('is kept where another sink took it, and both are said', async () => {
    const ended = await keywright(env, create('half', '--to', `file:${at('half')}`, '--to', 'stdout'), { through: redirected('> /dev/full') });
    expect(ended).toMatchObject({
      code: 9,
      stderr: expect.stringMatching(
        /error\[partly-done\].*\n {2}file:\S+half took the new key "half" \(id \S+\), but not stdout\. The output cannot be written \(ENOSPC\)\./,
      ),
    });
    expect(await readFile(at('half'), 'utf8')).toMatch(KEY);
    expect(await names()).toContain('half');
  });

  it('is told in one object with --json where stdout took it and another sink did not', async () => {
    const fails = await program('fails', 'cat > /dev/null; exit 4');
    const ended = await keywright(env, create('other-half', '--to', 'stdout', '--to', `exec:${fails}`, '--json'));
    const told: unknown = JSON.parse(ended.stdout);
    expect([ended.code, ended.stderr, told]).toMatchObject([
      9,
      '',
      {
        name: 'other-half',
        key: expect.stringMatching(/^mxk_/),
        error: { code: 'partly-done', delivered: ['stdout'], failed: [{ sink: `exec:${fails}`, code: 'refused' }] },
      },
    ]);
  });
});

describe('under GitHub Actions', () => {
  const actions = (): Variables => ({ ...env, GITHUB_ACTIONS: 'true' });

  it('a key in a pipe is masked on stderr first', async () => {
    // Both streams in one file of the test, in the order in which they were written.
    const { stdout } = await keywright(actions(), create('masked'), {
      through: ['sh', '-c', '{ "$0" "$@" | sed "s/^/out /"; } 2>&1 | cat', process.execPath, PROGRAM],
    });
    const lines = stdout.split('\n');
    const key = /^out (mxk_[0-9a-f]{64})$/m.exec(stdout)?.[1] ?? 'none';
    expect(lines.filter((line) => line.includes(key))).toEqual(expect.arrayContaining([`::add-mask::${key}`, `out ${key}`]));
    expect((await keywright(actions(), create('masked-too'))).stderr).toMatch(/^::add-mask::mxk_[0-9a-f]{64}\nCreated the key/);
  });

  it('no key is made where the mask would go into a file', async () => {
    const ended = await keywright(actions(), create('unmasked'), { through: redirected(`2> ${at('errors')}`) });
    expect([ended.code, ended.stdout, await readFile(at('errors'), 'utf8')]).toEqual([5, '', expect.stringMatching(/^error\[refused\]/)]);
    expect(await names()).not.toContain('unmasked');
  });

  it('a variable of later steps is masked before it is written', async () => {
    await writeFile(at('github-env'), 'BEFORE=1\n');
    const ended = await keywright({ ...actions(), GITHUB_ENV: at('github-env') }, create('step', '--to', 'github-env:DEPLOY_KEY'));
    const [, key = 'none'] = /^BEFORE=1\nDEPLOY_KEY=(mxk_[0-9a-f]{64})\n$/.exec(await readFile(at('github-env'), 'utf8')) ?? [];
    expect(ended).toEqual({ code: 0, stdout: '', stderr: expect.stringMatching(new RegExp(`^::add-mask::${key}\nCreated the key "step" `)) });
  });
});

describeWith(['tmux'], 'in a terminal', () => {
  it('the key is shown once with a note, and never as a mask', async () => {
    const terminal = await openTerminal({ ...env, GITHUB_ACTIONS: 'true' }, [process.execPath, PROGRAM, ...create('shown', '--no-input')]);
    try {
      expect(await terminal.ended()).toBe(0);
      const screen = await terminal.screen();
      expect(screen.match(/mxk_[0-9a-f]{64}/g)).toHaveLength(1);
      expect(screen).toContain('The key is shown this once and cannot be shown again. Keep it now.');
      expect(screen).not.toContain('add-mask');
    } finally {
      await terminal.close();
    }
  });
});

describe.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s', (signal) => {
  it('while a program takes the key leaves none that nobody knows', async () => {
    const waits = await program(`waits-${signal}`, `echo > ${at(`started-${signal}`)}; exec sleep 600`);
    const running = start(env, create(`cut-${signal}`, '--to', `exec:${waits}`));
    await until('the sink to start', () => existsSync(at(`started-${signal}`)));
    running.kill(signal);
    expect(await running.ended).toMatchObject({ code: 130, stderr: expect.stringMatching(/so it was revoked again\.\n/) });
    expect(await names()).not.toContain(`cut-${signal}`);
  });
});

// Only Linux shows the arguments and the environment of every process.
describe.runIf(existsSync('/proc/self/environ'))('while sinks work', () => {
  /** Runs create-key and looks at every process of its home until `until` has been seen and the command has ended. */
  async function watched(
    more: Variables,
    words: readonly string[],
    meanwhile: (look: () => readonly Seen[]) => Promise<void>,
  ): Promise<{ readonly ended: Ended; readonly seen: readonly Seen[] }> {
    const watch = watchProcesses(home.dir);
    const running = start({ ...env, ...CREDENTIALS, ...more }, words);
    await meanwhile(watch.look);
    const ended = await running.ended;
    await watch.stop();
    return { ended, seen: watch.seen };
  }

  /** What was seen of children: the command itself was given its variables by us. */
  const children = (seen: readonly Seen[]): readonly Seen[] => seen.filter((each) => !each.arguments.includes(PROGRAM));

  function expectNoSecret(seen: readonly Seen[], key: string): void {
    expect(key).toMatch(KEY);
    expect(seen.filter((each) => each.arguments.includes(key.trim())).map((each) => each.arguments)).toEqual([]);
    const telling = [...Object.keys(CREDENTIALS), 'MEMAX_API_KEY'].map((name) => `\n${name}=`);
    const values = [key.trim(), ownKey, ...Object.values(CREDENTIALS)];
    expect(children(seen).filter((each) => [...telling, ...values].some((text) => `\n${each.environment}`.includes(text)))).toEqual([]);
  }

  it('no process shows the key in its arguments, and no child has a credential in its environment', async () => {
    const bin = at('bin');
    await mkdir(bin);
    const slow = `cat > "${at()}/took-$(basename "$0")"; while [ ! -e ${at('go')} ]; do sleep 0.02; done`;
    for (const name of ['xclip', 'glab', 'keep']) {
      await writeFile(path.join(bin, name), `#!/bin/sh\nif [ "$1" = auth ]; then exit 0; fi\n${slow}\n`);
      await chmod(path.join(bin, name), 0o755);
    }
    const more = { DISPLAY: ':0', PATH: `${bin}${path.delimiter}${env['PATH']}` };
    const words = create(
      'watched',
      '--to',
      'clipboard',
      '--to',
      'gitlab-var:CI_KEY',
      '--to',
      'exec:keep quietly',
      '--to',
      `env-file:${at('.env')}#K`,
      '--to',
      `file:${at('watched')}`,
      '--debug',
    );
    const { ended, seen } = await watched(more, words, async (look) => {
      await until('the first sink to be seen at work', () => look().some((each) => each.arguments.includes('xclip')));
      await until('the first sink to have its key', () => existsSync(at('took-xclip')));
      await writeFile(at('go'), '');
    });
    const key = await readFile(at('watched'), 'utf8');
    expect(ended).toMatchObject({ code: 0, stdout: '' });
    expectNoSecret(seen, key);
    expect(children(seen).some((each) => each.arguments.includes('xclip\n-selection\nclipboard'))).toBe(true);
    expect([ended.stderr, ...Object.values(CREDENTIALS)].filter((text) => text.includes(key.trim()))).toEqual([]);
    expect(['took-xclip', 'took-glab', 'took-keep'].map((name) => readFileSync(at(name), 'utf8'))).toEqual([key.trim(), key.trim(), key]);
    // Nothing but the sinks has it: no log, no state, no temporary file.
    expect(await filesWith(home.dir, [key.trim()])).toEqual([]);
    expect([...(await filesWith(places.dir, [key.trim()]))].sort()).toEqual(['.env', 'took-glab', 'took-keep', 'took-xclip', 'watched']);
  });

  it.each(['exec:keep-on', 'clipboard', 'gitlab-var:CI_KEY'])('the child of %s is seen, and shows nothing', async (sink) => {
    const name = { 'exec:keep-on': 'keep-on', clipboard: 'xsel', 'gitlab-var:CI_KEY': 'glab' }[sink] ?? '';
    const bin = at(`bin-${name}`);
    await mkdir(bin);
    await writeFile(path.join(bin, name), `#!/bin/sh\nif [ "$1" = auth ]; then exit 0; fi\ncat > ${bin}/took; while [ ! -e ${bin}/go ]; do sleep 0.02; done\n`);
    await chmod(path.join(bin, name), 0o755);
    const more = { DISPLAY: ':0', PATH: `${bin}${path.delimiter}${env['PATH']}` };
    const { ended, seen } = await watched(more, create(`seen-${name}`, '--to', sink), async (look) => {
      await until('the sink to have its key', () => existsSync(path.join(bin, 'took')) && look().some((each) => each.arguments.includes(path.join(bin, name))));
      await writeFile(path.join(bin, 'go'), '');
    });
    expect(ended.code).toBe(0);
    expectNoSecret(seen, `${(await readFile(path.join(bin, 'took'), 'utf8')).trim()}\n`);
  });

  describeWith(['gh'], 'the real gh', () => {
    let github: FakeGithub;
    beforeAll(async () => {
      github = await startFakeGithub();
    });
    afterAll(() => github.stop());

    it('takes the key on its standard input, and neither its arguments nor its environment show a secret of ours', async () => {
      let atWork: () => void = () => undefined;
      const held = new Promise<void>((resolve) => (atWork = resolve));
      github.meanwhile(() => held);
      const words = create('for-github', '--to', 'github-secret:DEPLOY_KEY@owner/repo', '--to', `file:${at('for-github')}`, '--debug');
      const { ended, seen } = await watched({ ...github.env, GH_DEBUG: 'api' }, words, async (look) => {
        await until('gh to be seen while it sends the secret', () =>
          look().some((each) => each.arguments.includes('secret\nset\nDEPLOY_KEY\n--repo\nowner/repo')),
        );
        atWork();
      });
      const key = await readFile(at('for-github'), 'utf8');
      expect(ended).toMatchObject({ code: 0, stdout: '' });
      expectNoSecret(seen, key);
      expect(ended.stderr).not.toContain(key.trim());
      expect(github.secrets).toEqual([{ path: '/repos/owner/repo/actions/secrets/DEPLOY_KEY', bytes: SEAL_BYTES + key.trim().length }]);
      expect(github.heard.filter((line) => line.includes(key.trim()))).toEqual([]);
    });

    it('that cannot set the secret ends with the key revoked', async () => {
      github.meanwhile(async () => undefined);
      github.answers(403);
      const ended = await keywright({ ...env, ...github.env }, create('not-for-github', '--to', 'github-secret:DEPLOY_KEY@owner/repo'));
      expect(ended).toMatchObject({ code: 5, stdout: '', stderr: expect.stringMatching(/gh ended with 1: .*403.*so it was revoked again\.\n/) });
      expect(await names()).not.toContain('not-for-github');
    });
  });
});
