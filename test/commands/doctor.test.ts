import { once } from 'node:events';
import { chmod, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Finding } from '../../src/flows/doctor/finding.ts';
import { lockName } from '../../src/flows/credential-lock.ts';
import type { HttpReply } from '../../src/model/http.ts';
import { Failure } from '../../src/model/failure.ts';
import { sharedBackend } from '../support/shared-backend.ts';
import { newKey, signedIn } from '../support/signed-in.ts';
import { makeWorld, type World } from '../support/world.ts';

const realm = sharedBackend();

type Shown = Pick<Finding, 'code' | 'level' | 'what' | 'fix'>;

async function findings(
  world: World,
  ...words: string[]
): Promise<{ readonly exit: number; readonly all: readonly Shown[]; of(code: string): readonly Shown[] }> {
  const { exit, stdout } = await world.run('doctor', '--json', ...words);
  const printed: unknown = JSON.parse(stdout);
  const all = (Array.isArray(printed) ? printed : (printed as { error: { findings: unknown[] } }).error.findings) as Shown[];
  return { exit, all, of: (code) => all.filter((finding) => finding.code === code) };
}

const level = (found: readonly Shown[]): readonly string[] => found.map((finding) => finding.level);

/** What a machine without a session bus has, so that tests do not depend on the one they run on. */
const quiet = { env: { DBUS_SESSION_BUS_ADDRESS: 'disabled:' } };

describe('doctor', () => {
  it('goes on past records of a provider that is not known here, and past one that cannot be ours', async () => {
    const world = await signedIn({ realm: realm(), ...quiet });
    const [record] = await world.accounts.list();
    if (record === undefined) throw new Error('nobody is signed in');
    await world.accounts.write({ ...record, provider: 'acme', account: 'work' });
    await world.accounts.write({ ...record, origin: 'not an address', account: 'other' });
    const { exit, of } = await findings(world);
    expect([exit, level(of('provider-reachable'))]).toEqual([0, ['ok']]);
  });

  it('finds nothing wrong where nothing is', async () => {
    const world = await signedIn({ realm: realm(), ...quiet });
    const { exit, all } = await findings(world);
    expect(exit).toBe(0);
    expect(all.filter((finding) => finding.level !== 'ok').map(({ code }) => code)).toEqual(['session-bus']);
    expect(all.map(({ code }) => code)).toEqual([
      'node-version',
      'lock-folder',
      'journal-folder',
      'state-folder',
      'session-bus',
      'store-usable',
      'revocation-queue',
      ...(all.some(({ code }) => code === 'stale-journal') ? ['stale-journal'] : []),
      'loopback',
      'browser',
      'proxy',
      'provider-reachable',
      'clock',
      'plain-key',
    ]);
    expect(all.every(({ level: how, fix }) => (how === 'ok') === (fix === null))).toBe(true);
  });

  it('gives a line for each finding in a pipe, and a fix below it in a terminal', async () => {
    const world = await makeWorld({ ...quiet, browserLikely: false });
    const { exit, stdout, stderr } = await world.run('doctor');
    expect([exit, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^ok\tnode-version\tNode [0-9.]+ is new enough\.\t-\n/);
    expect(stdout).toMatch(/^warning\tbrowser\tNo browser is expected to open here[^\t]*\.\tSign in with: /m);
    const atTerminal = await makeWorld({ ...quiet, browserLikely: false, terminal: true });
    expect((await atTerminal.run('doctor')).stdout).toMatch(/^warning {2}browser {13}No browser is expected .*\n {29}fix: Sign in with: /m);
  });

  it('ends with 9 where there is a problem, and shows everything all the same', async () => {
    const world = await makeWorld({ ...quiet, nodeVersion: '20.18.3' });
    const plain = await world.run('doctor');
    expect(plain.exit).toBe(9);
    expect(plain.stdout).toContain('problem\tnode-version\tNode 20.18.3 is older than 20.19.\tInstall Node 20.19 or newer.\n');
    expect(plain.stdout).toContain('ok\tloopback\t');
    expect(plain.stderr).toBe('error[partly-done]: Only a part was done\n  1 problem was found: node-version.\nhint: Each finding says how to put it right.\n');
    const { exit, of } = await findings(world);
    expect([exit, level(of('node-version'))]).toEqual([9, ['problem']]);
  });

  it.each([
    ['20.19.0', 'ok'],
    ['18.20.0', 'problem'],
    ['22.1.0', 'ok'],
  ])('judges Node %s: %s', async (nodeVersion, expected) => {
    const world = await makeWorld({ ...quiet, nodeVersion });
    expect(level((await findings(world)).of('node-version'))).toEqual([expected]);
  });
});

describe('doctor looks at folders and files', () => {
  it.each([
    ['lock-folder', 'locks'],
    ['journal-folder', 'journals'],
  ])('%s: open to others, a link, a file', async (code, name) => {
    const world = await makeWorld(quiet);
    const path = join(world.dir, name);
    expect((await findings(world)).of(code)).toEqual([{ code, level: 'ok', what: expect.stringContaining('is not there yet') as string, fix: null }]);
    await rm(path, { recursive: true, force: true });
    await mkdir(path, { mode: 0o755 });
    await chmod(path, 0o755);
    expect((await findings(world)).of(code)).toEqual([
      { code, level: 'problem', what: expect.stringContaining('is open to other users (mode 755).') as string, fix: `Close it: chmod 700 ${path}` },
    ]);
    await rm(path, { recursive: true });
    await symlink(world.cwd, path);
    expect((await findings(world)).of(code)[0]).toMatchObject({ level: 'problem', what: expect.stringContaining('is a link.') as string });
    await rm(path);
    await writeFile(path, '');
    expect((await findings(world)).of(code)[0]).toMatchObject({ level: 'problem', what: expect.stringContaining('is not a folder.') as string });
  });

  it.each([
    [0o700, 'ok'],
    [0o755, 'warning'],
    [0o775, 'problem'],
  ])('state folder with mode %o: %s', async (mode, expected) => {
    const world = await makeWorld(quiet);
    await mkdir(join(world.dir, 'state'));
    await chmod(join(world.dir, 'state'), mode);
    expect(level((await findings(world)).of('state-folder'))).toEqual([expected]);
  });

  it.each([
    ['credential-file', 'credentials.jwe'],
    ['credential-file', 'pending.jwe'],
    ['key-file', 'store.key'],
  ])('%s %s: only where it is there, and closed', async (code, name) => {
    const world = await makeWorld(quiet);
    expect((await findings(world)).of(code)).toEqual([]);
    await mkdir(join(world.dir, 'data'), { mode: 0o700 });
    const path = join(world.dir, 'data', name);
    await writeFile(path, 'x', { mode: 0o600 });
    expect(level((await findings(world)).of(code))).toEqual(['ok']);
    await chmod(path, 0o640);
    const { exit, of } = await findings(world);
    expect(exit).toBe(9);
    expect(of(code)).toEqual([{ code, level: 'problem', what: expect.stringContaining('(mode 640)') as string, fix: `Close it: chmod 600 ${path}` }]);
  });
});

describe('doctor looks at stores', () => {
  const broken = () => Promise.reject(new Failure('keychain-locked', { detail: 'The keychain is locked.', hint: 'Unlock it.' }));

  it('a store that sign-ins are in is a problem if it cannot be used', async () => {
    let isBroken = false;
    const world = await signedIn({ realm: realm(), ...quiet, store: (memory) => ({ ...memory, probe: () => (isBroken ? broken() : memory.probe()) }) });
    isBroken = true;
    const { exit, of } = await findings(world);
    expect(exit).toBe(9);
    expect(of('store-usable')).toEqual([
      {
        code: 'store-usable',
        level: 'problem',
        what: 'The keychain cannot be used (keychain-locked; your sign-ins are there): The keychain is locked.',
        fix: 'Unlock it.',
      },
    ]);
  });

  it('the store that the next sign-in would go to is worth a warning', async () => {
    const world = await makeWorld({ ...quiet, store: (memory) => ({ ...memory, probe: broken }) });
    const { exit, of } = await findings(world);
    expect([exit, level(of('store-usable'))]).toEqual([0, ['warning']]);
    world.setEnv('KEYWRIGHT_STORE', 'drawer');
    expect((await findings(world)).of('store-usable')).toEqual([
      { code: 'store-usable', level: 'problem', what: 'KEYWRIGHT_STORE "drawer" is not a store.', fix: 'The stores are: keychain, file.' },
    ]);
  });

  it('tries every store that something is in', async () => {
    const world = await signedIn({ realm: realm(), ...quiet });
    await world.run('login', 'memax', '--store', 'file', '--account', 'work');
    expect((await findings(world)).of('store-usable').map(({ what }) => what.includes('encrypted file'))).toEqual([true, false]);
  });

  it('tells of tokens that are still to be revoked', async () => {
    const world = await signedIn({ realm: realm(), ...quiet });
    realm().faults.next('revoke', { kind: 'status', status: 503 }, { times: 2 });
    await world.run('logout');
    expect((await findings(world)).of('revocation-queue')).toEqual([
      {
        code: 'revocation-queue',
        level: 'warning',
        what: `2 tokens are still to be revoked and may be valid until then: memax at ${realm().origin}.`,
        fix: expect.stringContaining('keywright auth status') as string,
      },
    ]);
  });

  it('tells of a refresh that was cut off, once it is old', async () => {
    const world = await signedIn({ realm: realm(), ...quiet });
    await world.journal.write(lockName({ origin: realm().origin, account: 'default' }), { tokenHash: 'ab'.repeat(32), at: world.clock.now() });
    expect(level((await findings(world)).of('stale-journal'))).toEqual(['ok']);
    world.clock.advance(6 * 60_000);
    expect((await findings(world)).of('stale-journal')).toEqual([
      {
        code: 'stale-journal',
        level: 'warning',
        what: expect.stringContaining(`A refresh for memax at ${realm().origin} (account default) began at `) as string,
        fix: expect.any(String) as string,
      },
    ]);
  });
});

describe('doctor looks at the network', () => {
  const answer = (more: Partial<HttpReply> = {}): HttpReply => ({ status: 200, headers: {}, body: '', ...more });
  const httpsOnly = { env: { ...quiet.env, MEMAX_API_URL: 'https://api.memax.test' } };

  it('asks nobody with --offline, and nobody where nothing is signed in or named', async () => {
    const world = await signedIn({ realm: realm(), ...quiet });
    const { of } = await findings(world, '--offline');
    expect([world.sent, of('provider-reachable'), of('clock')]).toEqual([[], [], []]);
    const fresh = await makeWorld(quiet);
    await findings(fresh);
    expect(fresh.sent).toEqual([]);
  });

  it('asks a provider that is named, with one request without a credential', async () => {
    const { key } = await newKey(realm());
    const world = await makeWorld({ ...quiet, elsewhere: () => answer() });
    world.setEnv('MEMAX_API_KEY', key);
    await findings(world, '--provider', 'memax');
    expect(world.sent.map(({ method, url, headers }) => ({ method, url, headers }))).toEqual([
      { method: 'HEAD', url: 'https://api.memax.app/', headers: undefined },
    ]);
  });

  it.each([
    [0, 'ok', ''],
    [59_000, 'ok', ''],
    [-59_000, 'ok', ''],
    [90_000, 'warning', '90 seconds behind'],
    [-3_600_000, 'warning', '3600 seconds ahead of'],
  ])('compares the clock with that of the server: %d ms', async (ahead, expected, words) => {
    const world = await makeWorld({ ...httpsOnly, elsewhere: () => answer({ headers: { date: new Date(Date.now() + ahead).toUTCString() } }) });
    const { of } = await findings(world);
    expect(level(of('clock'))).toEqual([expected]);
    expect(
      of('clock')[0]
        ?.what.replace(/\b(89|91) seconds/, '90 seconds')
        .replace(/\b(3599|3601) seconds/, '3600 seconds'),
    ).toContain(words);
  });

  it('makes no finding of a clock that the server does not tell', async () => {
    const world = await makeWorld({ ...httpsOnly, elsewhere: () => answer({ headers: { date: 'yesterday' } }) });
    expect((await findings(world)).of('clock')).toEqual([]);
  });

  it('takes a server that cannot be reached for a finding, not for a failure', async () => {
    const world = await makeWorld(httpsOnly);
    const { exit, of } = await findings(world);
    expect(exit).toBe(9);
    expect(of('provider-reachable')).toEqual([
      {
        code: 'provider-reachable',
        level: 'problem',
        what: 'api.memax.test cannot be reached (unreachable): api.memax.test: the name is not known (ENOTFOUND).',
        fix: expect.any(String) as string,
      },
    ]);
    const odd = await makeWorld({
      ...httpsOnly,
      elsewhere: () => {
        throw new Failure('unexpected-answer', { detail: 'It sends us elsewhere.' });
      },
    });
    expect(level((await findings(odd)).of('provider-reachable'))).toEqual(['warning']);
  });

  it('counts an error status as an answer', async () => {
    const world = await makeWorld({ ...httpsOnly, elsewhere: () => answer({ status: 404 }) });
    expect(level((await findings(world)).of('provider-reachable'))).toEqual(['ok']);
  });

  it('does not wait longer than its limit for a server', async () => {
    // It takes connections and never answers; that the command ends at all is the point.
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const address = server.address();
    const world = await makeWorld({ env: { ...quiet.env, MEMAX_API_URL: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}` } });
    const { exit, of } = await findings(world);
    expect(exit).toBe(9);
    expect(of('provider-reachable')).toMatchObject([{ level: 'problem', what: expect.stringContaining('(timed-out)') as string }]);
  });

  it('names the host of a proxy and nothing else of it', async () => {
    const world = await makeWorld({ ...quiet, env: { ...quiet.env, https_proxy: 'http://someone:pass-word@proxy.test:3128' } });
    const { stdout } = await world.run('doctor', '--offline');
    expect(stdout).toContain('ok\tproxy\tRequests go through the proxy proxy.test:3128, which https_proxy names.\t-\n');
    expect(stdout).not.toMatch(/someone|pass-word/);
    world.setEnv('https_proxy', 'ftp://someone:pass-word@proxy.test');
    const { exit, of } = await findings(world, '--offline');
    expect([exit, level(of('proxy'))]).toEqual([9, ['problem']]);
    expect(of('proxy')[0]?.what).not.toContain('pass-word');
  });
});

describe('doctor looks for keys in .env files', () => {
  it('names file, line and variable, never the value', async () => {
    const { key } = await newKey(realm());
    const { key: other } = await newKey(realm());
    const world = await makeWorld(quiet);
    world.secrets.add('key', key);
    world.secrets.add('key', other);
    const above = join(world.cwd, '.env');
    const outside = join(dirname(world.cwd), '.env');
    // The files of the person under test may hold what commands may not write.
    const lines = ['# comment', 'PORT=8080', `export MEMAX_API_KEY="${key}"`, 'MEMAX_KEY=mxk_your_memax_api_key', `#OLD=${other}`].join('\n');
    await writeFile(above, lines);
    await writeFile(outside, `A=${key}`);
    const results: string[] = [];
    try {
      await world.run('doctor', '--offline');
    } catch (thrown) {
      // The world finds the keys in the files that this test wrote, and must not find them in what was printed.
      results.push(...String(thrown).split('; '));
    }
    expect(results.length).toBeGreaterThan(0);
    expect(results.filter((leak) => /stands in (stdout|stderr)/.test(leak))).toEqual([]);
    const keep = await makeWorld(quiet);
    await writeFile(join(keep.cwd, '.env'), lines);
    await writeFile(join(dirname(keep.cwd), '.env'), `A=${key}`);
    await writeFile(join(keep.cwd, '.env.local'), `LOCAL=${other}\n`);
    await writeFile(join(keep.cwd, '.envrc'), `NOT=${other}\n`);
    const { exit, of } = await findings(keep, '--offline');
    expect(exit).toBe(0);
    expect(of('plain-key').map(({ level: how, what }) => [how, what])).toEqual([
      ['warning', `${join(keep.cwd, '.env')} line 3: MEMAX_API_KEY holds a key of Memax in plain text.`],
      ['warning', `${join(keep.cwd, '.env')} line 5: OLD holds a key of Memax in plain text.`],
      ['warning', `${join(keep.cwd, '.env.local')} line 1: LOCAL holds a key of Memax in plain text.`],
    ]);
  });

  it('passes over what is no file or far too large', async () => {
    const { key } = await newKey(realm());
    const world = await makeWorld(quiet);
    await mkdir(join(world.cwd, '.env'));
    await writeFile(join(world.cwd, '.env.big'), `${'#'.repeat(1024 * 1024)}\nA=${key}\n`);
    expect(level((await findings(world, '--offline')).of('plain-key'))).toEqual(['ok']);
  });
});

describe('doctor looks for keys in the files of MCP clients', () => {
  const fixOf = (only: string): string =>
    `Put a grant in its place: keywright setup --mcp --provider memax --only ${only} --replace-plain-keys   and revoke the key: keywright auth revoke-key <id> --provider memax`;

  async function put(path: string, text: string): Promise<string> {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
    return path;
  }

  it('names file, line and client, never the value, and says how to replace it', async () => {
    const { key } = await newKey(realm());
    const world = await makeWorld(quiet);
    const home = dirname(world.cwd);
    const cursor = await put(
      join(home, '.cursor/mcp.json'),
      JSON.stringify({ mcpServers: { memax: { url: 'https://x.test', headers: { Authorization: `Bearer ${key}` } } } }, null, 2),
    );
    const codex = await put(join(home, '.codex/config.toml'), `[mcp_servers.memax]\n# formerly ${key}\ncommand = "npx"\n`);
    // No client would take it any more, and the key is no less readable.
    const zed = await put(join(home, '.config/zed/settings.json'), `{\r\n  "broken": "${key}",,\r\n`);
    const vscode = await put(join(world.cwd, '.vscode/mcp.json'), `{"servers":{"memax":{"type":"stdio","command":"x","args":["--key=${key}"]}}}`);
    const { exit, stdout } = await world.run('doctor', '--offline', '--json');
    const found = (JSON.parse(stdout) as Shown[]).filter(({ code }) => code === 'plain-key');
    expect(exit).toBe(0);
    const lies = (path: string, line: number, client: string): string =>
      `${path} line ${line}: a key of Memax lies in plain text in the configuration of ${client}.`;
    expect(found.map(({ level: how, what, fix }) => [how, what, fix])).toEqual([
      ['warning', lies(cursor, 6, 'Cursor'), fixOf('cursor')],
      ['warning', lies(vscode, 1, 'VS Code'), fixOf('vscode --project')],
      ['warning', lies(codex, 2, 'Codex'), fixOf('codex')],
      ['warning', lies(zed, 2, 'Zed'), fixOf('zed')],
    ]);
    expect(stdout).not.toContain(key.slice(0, 12));
  });

  it('finds a key however its characters are written, in folders that variables name, and in backups', async () => {
    const { key } = await newKey(realm());
    const world = await makeWorld({ env: { ...quiet.env, CLAUDE_CONFIG_DIR: '' } });
    const home = dirname(world.cwd);
    const escaped = [...key].map((character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');
    world.setEnv('CLAUDE_CONFIG_DIR', join(home, 'claude'));
    await put(join(home, 'claude/.claude.json'), `{"mcpServers":{"a":{"env":{"K":"${escaped}"}}}}`);
    // The repository of configuration that a link leads to gets the backup too.
    const place = await put(join(home, 'dotfiles/windsurf.json'), '{}');
    await put(`${place}.keywright-backup`, `{"k":"${key}"}`);
    await mkdir(join(home, '.codeium/windsurf'), { recursive: true });
    await symlink(place, join(home, '.codeium/windsurf/mcp_config.json'));
    expect((await findings(world, '--offline')).of('plain-key').map(({ what }) => what)).toEqual([
      `${join(home, 'claude/.claude.json')} line 1: a key of Memax lies in plain text in the configuration of Claude Code.`,
      `${place}.keywright-backup line 1: a key of Memax lies in plain text in the backup of a file of Windsurf.`,
    ]);
  });

  it('knows the keys of every provider, and sends nobody to an MCP server that is not there', async () => {
    const world = await makeWorld(quiet);
    const home = dirname(world.cwd);
    const made = 'a1'.repeat(24);
    const path = await put(join(home, '.cursor/mcp.json'), `["minds_${made}",\n"reminix_sk_${made}",\n"https://x.test/?k=pk_live_${made}&y"]`);
    expect((await findings(world, '--offline')).of('plain-key').map(({ what, fix }) => [what, fix?.split(' and revoke')[0]])).toEqual([
      [`${path} line 1: a key of Minds lies in plain text in the configuration of Cursor.`, 'Take it out of the file  '],
      [`${path} line 2: a key of Reminix lies in plain text in the configuration of Cursor.`, 'Take it out of the file  '],
      [`${path} line 3: a key of Agntix lies in plain text in the configuration of Cursor.`, 'Take it out of the file  '],
    ]);
  });

  it('takes no word, no grant and no longer name for a key', async () => {
    const world = await makeWorld(quiet);
    const home = dirname(world.cwd);
    const made = 'a1'.repeat(32);
    const innocent = {
      url: '${MEMAX_API_KEY}',
      a: 'mxk_your_memax_api_key_here',
      b: `xmxk_${made}`,
      c: 'mxk_0123',
      args: ['mcp', 'memax', '--grant', 'abcDEF123456'],
    };
    await put(join(home, '.cursor/mcp.json'), JSON.stringify(innocent, null, 2));
    await put(join(home, '.claude.json'), `{"history":"${'x'.repeat(3 * 1024 * 1024)}"}`);
    expect((await findings(world, '--offline')).of('plain-key')).toEqual([
      { code: 'plain-key', level: 'ok', what: 'No key lies in plain text in the .env files of this project or in the files of MCP clients.', fix: null },
    ]);
  });

  it('looks into a large file to its end, and into one that may not be changed', async () => {
    const { key } = await newKey(realm());
    const world = await makeWorld(quiet);
    const home = dirname(world.cwd);
    const large = await put(join(home, '.claude.json'), `{"history":"${'x'.repeat(3 * 1024 * 1024)}",\n"k":"${key}"}`);
    const closed = await put(join(home, '.gemini/settings.json'), `{"k":"${key}"}`);
    await chmod(closed, 0o444);
    await mkdir(join(home, '.codex/config.toml'), { recursive: true });
    expect((await findings(world, '--offline')).of('plain-key').map(({ what }) => what)).toEqual([
      expect.stringContaining(`${large} line 2: `) as string,
      expect.stringContaining(`${closed} line 1: `) as string,
    ]);
  });
});
