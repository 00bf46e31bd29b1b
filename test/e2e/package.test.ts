import { chmod, lstat, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { makeStandIn, type StandIn } from '../support/browser.ts';
import { type Ended, filesBelow, filesWith, type Home, leftBehind, makeHome, ROOT, type Running, start, until, type Variables } from '../support/cli.ts';
import { KEYRING_PROGRAMS, startKeyring } from '../support/keyring.ts';
import { type Installation, install, minimalPath, type Package, pack } from '../support/package.ts';
import { describeWith } from '../support/requires.ts';

/** What an installation without the packages of the local backend may take. */
const LIMIT_BYTES = 25_000_000;

/** In pieces, so that this file is no match of its own. */
const NEVER_WITHIN: ReadonlyArray<readonly [what: string, pattern: RegExp]> = [
  ['the address of a source map', new RegExp(`source${'MappingURL'}=`)],
  ['a private key', new RegExp(`-----BEGIN [A-Z ]*${'PRIVATE'} KEY-----\\s*[A-Za-z0-9+/]{40}`)],
  ['an API key', /\bmxk_[0-9a-f]{64}\b/],
];

const OF_NPM = /deprecated|EBADENGINE|vulnerab|npm warn/i;

describeWith(['git', 'npm', 'tar', 'sh', 'env'], 'the package', () => {
  let dir: string;
  let packed: Package;
  let home: Home;
  let env: Variables;

  beforeAll(async () => {
    dir = await mkdtemp(path.join(tmpdir(), 'keywright-package-'));
    await chmod(dir, 0o755);
    packed = await pack(dir);
    home = await makeHome();
    env = { ...home.env, PATH: await minimalPath(dir) };
  });

  afterAll(async () => {
    const left = await leftBehind([dir, home.dir], []);
    await home.remove();
    await rm(dir, { recursive: true, force: true });
    expect(left).toEqual([]);
  });

  const run = (program: string, words: readonly string[], more: Variables = {}, input?: string): Running =>
    start({ ...env, ...more }, words, { through: [program], cwd: home.dir, ...(input === undefined ? {} : { input }) });

  async function bytesBelow(folder: string): Promise<number> {
    const sizes = await Promise.all(filesBelow(folder).map(async (file) => (await lstat(path.join(folder, file))).size));
    return sizes.reduce((sum, size) => sum + size, 0);
  }

  it('holds only what runs', async () => {
    const names = packed.files.map((file) => file.replace(/^(dist\/chunks\/)[\w-]+-[0-9A-Z]{8}\.js$/, '$1<name>-<hash>.js'));
    await expect(`${[...new Set(names)].join('\n')}\n`).toMatchFileSnapshot(path.join(ROOT, 'test/golden/package-files.txt'));
    const programs = packed.files.filter((file) => /^dist\/.*\.js$/.test(file));
    const code = (await Promise.all(programs.map((file) => readFile(path.join(packed.unpacked, file), 'utf8')))).join('\n');
    const chunks = programs.filter((file) => file.startsWith('dist/chunks/'));
    expect(chunks.length).toBeGreaterThan(20);
    expect(chunks.filter((file) => !code.includes(`/${path.basename(file)}"`))).toEqual([]);
  });

  it('holds no source map, no secret and no place of the machine on which it was made', async () => {
    const places = [ROOT, packed.copy, homedir()].map((place) => `${path.resolve(place)}/`);
    const found: string[] = [];
    for (const file of packed.files) {
      const text = await readFile(path.join(packed.unpacked, file), 'utf8');
      found.push(...places.filter((place) => text.includes(place)).map((place) => `${file}: ${place}`));
      found.push(...NEVER_WITHIN.filter(([, pattern]) => pattern.test(text)).map(([what]) => `${file}: ${what}`));
    }
    expect(found).toEqual([]);
  });

  it('is installed for everybody without scripts and without a compiler, and starts by both of its names', async () => {
    const prefix = path.join(dir, 'global');
    const { code, said } = await install(packed.tarball, prefix, ['--global'], env);
    expect(code, said).toBe(0);
    expect(said).not.toMatch(OF_NPM);
    const { version }: { readonly version: string } = JSON.parse(await readFile(path.join(ROOT, 'package.json'), 'utf8'));
    for (const name of ['keywright', 'kw']) {
      expect(await run(path.join(prefix, 'bin', name), ['--version']).ended).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
    }
    const listed = await run(path.join(prefix, 'bin/keywright'), ['providers', 'list']).ended;
    expect(listed).toMatchObject({ code: 0, stdout: expect.stringContaining('memax'), stderr: '' });
  });

  // Of an installation for everybody npm leaves nothing out, whatever it is told.
  describe('installed in a project without optional packages', () => {
    let project: string;
    let installation: Installation;
    const keywright = (words: readonly string[], more: Variables = {}, input?: string): Promise<Ended> =>
      run(path.join(project, 'node_modules/.bin/keywright'), words, more, input).ended;

    beforeAll(async () => {
      project = path.join(dir, 'project');
      await mkdir(project);
      await writeFile(path.join(project, 'package.json'), '{ "name": "project", "version": "1.0.0" }\n');
      installation = await install(packed.tarball, project, ['--omit=optional'], env);
      expect(installation.code, installation.said).toBe(0);
    });

    it('is small, and npm warns of nothing', async () => {
      expect(installation.said).not.toMatch(OF_NPM);
      const bytes = await bytesBelow(path.join(project, 'node_modules'));
      expect(bytes).toBeGreaterThan(1_000_000);
      expect(bytes).toBeLessThan(LIMIT_BYTES);
    });

    it('says which packages the backend needs, and how to get them', async () => {
      const ended = await keywright(['backend', 'start', 'memax']);
      expect([ended.code, ended.stdout]).toEqual([3, '']);
      expect(ended.stderr).toMatch(/^error\[not-found\]: /);
      expect(ended.stderr).toContain(': libsql, oidc-provider.');
      expect(ended.stderr).toMatch(/^hint: .*npm install --include=optional keywright /m);
    });

    describe('and then with them, as it was told', () => {
      let backend: Running;
      let address: Variables;
      let standIn: StandIn;

      beforeAll(async () => {
        const again = await install(packed.tarball, project, ['--include=optional'], env);
        expect(again.code, again.said).toBe(0);
        expect(again.said).not.toMatch(OF_NPM);
        standIn = await makeStandIn();
        const file = path.join(home.dir, 'exports');
        await writeFile(file, '');
        const program = path.join(project, 'node_modules/.bin/keywright');
        backend = start(env, ['-c', 'exec "$0" backend start memax > "$1"', program, file], { through: ['sh'] });
        const origin = await until('the backend to listen', async () => /^export MEMAX_API_URL=(\S+)$/m.exec(await readFile(file, 'utf8'))?.[1]);
        address = { MEMAX_API_URL: origin };
      });

      afterAll(async () => {
        backend.kill('SIGINT');
        expect((await backend.ended).code).toBe(0);
        await standIn.remove();
      });

      it('serves a sign-in, and manages keys with one that is kept in the encrypted file', async () => {
        const person = await makeHome();
        const theirs = { ...person.env, PATH: env['PATH'] ?? '', ...address, KEYWRIGHT_STORE: 'file' };
        const signedIn = await keywright(['login', 'memax'], { ...theirs, BROWSER: standIn.allow });
        expect([signedIn.code, signedIn.stdout], signedIn.stderr).toEqual([0, expect.stringMatching(/^Signed in/)]);
        const made = await keywright(['auth', 'create-key', 'by-hand'], theirs);
        expect([made.code, made.stdout], made.stderr).toEqual([0, expect.stringMatching(/^mxk_[0-9a-f]{64}\n$/)]);
        const login = await keywright(['login', 'memax', '--with-token'], { ...address, KEYWRIGHT_STORE: 'file' }, made.stdout);
        expect(login).toMatchObject({ code: 0, stdout: expect.stringContaining('encrypted file') });
        expect(await keywright(['auth', 'list-keys'], address)).toMatchObject({ code: 0, stdout: expect.stringContaining('\tby-hand\t'), stderr: '' });
        expect(await filesWith(home.dir, [made.stdout.trim()])).toEqual([]);
        expect(await keywright(['logout', 'memax'], theirs)).toMatchObject({ code: 0 });
        await person.remove();
      });

      describeWith(KEYRING_PROGRAMS, 'on a desktop without libsecret', () => {
        it('says what to install, and asks nothing else of the machine', async () => {
          const keyring = await startKeyring();
          const folder = path.join(dir, 'no-libsecret');
          await mkdir(folder);
          // The loader finds this before the system's own and cannot use it.
          await writeFile(path.join(folder, 'libsecret-1.so.0'), '');
          const theirs = { ...keyring.env, PATH: env['PATH'] ?? '', ...address, LD_LIBRARY_PATH: folder };
          const ended = await keywright(['login', 'memax', '--with-token'], theirs, `mxk_${'5'.repeat(64)}\n`);
          await keyring.stop();
          expect([ended.code, ended.stdout]).toEqual([6, '']);
          expect(ended.stderr).toContain('The keychain library cannot be loaded on this machine.');
          expect(ended.stderr).toMatch(/^hint: Install libsecret \(Debian, Ubuntu: apt-get install libsecret-1-0\), or .*--store file/m);
        });
      });
    });
  });
});
