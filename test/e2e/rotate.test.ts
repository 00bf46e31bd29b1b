import { chmod, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type LocalBackend, startBackend } from '../../src/backend/start.ts';
import { type Ended, filesBelow, type Home, keywright, leadingTo, leftBehind, makeHome, start, until, type Variables } from '../support/cli.ts';
import { type KeyOwner, keyOwner, type OwnedKey } from '../support/key-owner.ts';
import { watchProcesses } from '../support/process-watch.ts';

const STORE_KEY = 'cd'.repeat(32);

let backend: LocalBackend;
let owner: KeyOwner;
let own: OwnedKey;
let home: Home;
/** Where sinks write. */
let vault: Home;
let env: Variables;

const at = (name: string): string => path.join(vault.dir, name);

beforeAll(async () => {
  backend = await startBackend({ realms: ['memax'], dataDir: undefined, port: 0 });
  const realm = backend.realm('memax');
  owner = await keyOwner(realm, 'rotate@keywright.test');
  own = await owner.make('pipeline');
  home = await makeHome();
  vault = await makeHome();
  env = { ...home.env, ...leadingTo(realm), MEMAX_API_KEY: own.key, KEYWRIGHT_STORE: 'file', KEYWRIGHT_STORE_KEY: STORE_KEY };
  // Stands still where a test asks for it, with the key already on its standard input.
  await writeFile(
    at('take'),
    `#!/bin/sh\nread -r key\ntouch '${at('begun')}'\nwhile [ -e '${at('wait')}' ]; do sleep 0.05; done\necho "$key" >> '${at('taken')}'\n`,
  );
  await chmod(at('take'), 0o755);
});

afterAll(async () => {
  await backend.stop();
  const left = await leftBehind([home.dir, vault.dir], [backend]);
  await home.remove();
  await vault.remove();
  expect(left).toEqual([]);
});

const holdsKey = (text: string): boolean => /mxk_[0-9a-f]{64}/.test(text) || text.includes(STORE_KEY);

describe('a rotation into a program', () => {
  it('that is killed while the program runs shows the key to nobody else, and is finished by another command', async () => {
    const old = await owner.make('deploy');
    const watch = watchProcesses(home.dir);
    await writeFile(at('wait'), '');
    const first = start(env, ['auth', 'rotate-key', old.id, '--now', '--debug', '--to', `exec:${at('take')} --quiet`]);
    await until('the program', () => existsSync(at('begun')));
    first.kill('SIGKILL');
    const killed = await first.ended;
    await rm(at('wait'));
    expect(killed.code).toBe(137);
    expect([await owner.works(old.key), (await owner.named('deploy')).length]).toEqual([true, 2]);

    const status = await keywright(env, ['auth', 'status']);
    expect(status.stderr).toContain(
      `Unfinished rotation of the key ${old.id} (deploy) at memax: its successor works, and was not delivered everywhere yet. Finish it: `,
    );
    const asked = await keywright(env, ['auth', 'rotate-key', '--resume']);
    expect([asked.code, asked.stderr]).toEqual([2, expect.stringContaining(`Going on runs ${at('take')} --quiet, which may have been run before.`)]);
    const back = await keywright(env, ['auth', 'rotate-key', '--rollback']);
    expect(back.code).toBe(5);
    const records = path.join(home.env['XDG_STATE_HOME'] ?? '', 'keywright/rotations');
    const journal = await Promise.all((await readdir(records)).map((name) => readFile(path.join(records, name), 'utf8')));
    expect(journal.map((text) => [/"step": "proved"/.test(text), holdsKey(text)])).toEqual([[true, false]]);

    const done = await keywright(env, ['auth', 'rotate-key', '--resume', '--yes', '--debug']);
    expect([done.code, done.stdout]).toEqual([0, '']);
    const taken = (await readFile(at('taken'), 'utf8')).trim().split('\n');
    expect([await owner.works(old.key), await owner.works(taken.at(-1) ?? 'none'), (await owner.named('deploy')).length]).toEqual([false, true, 1]);

    await watch.stop();
    const outputs: readonly Ended[] = [killed, status, asked, back, done];
    expect(outputs.filter(({ stdout, stderr }) => holdsKey(stdout + stderr))).toEqual([]);
    const programs = watch.seen.filter((seen) => seen.arguments.includes(at('take')) && seen.arguments.startsWith('/bin/sh\n'));
    expect(programs.length).toBeGreaterThan(0);
    expect(watch.seen.filter((seen) => holdsKey(seen.arguments))).toEqual([]);
    expect(programs.filter((seen) => holdsKey(seen.environment))).toEqual([]);
    const files = await Promise.all(filesBelow(home.dir).map((file) => readFile(path.join(home.dir, file), 'latin1')));
    expect([files.length > 0, files.filter(holdsKey).length]).toEqual([true, 0]);
  });
});
