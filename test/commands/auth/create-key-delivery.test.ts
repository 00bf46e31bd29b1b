import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until } from '../../support/cli.ts';
import { sharedBackend } from '../../support/shared-backend.ts';
import { signedIn } from '../../support/signed-in.ts';
import type { World } from '../../support/world.ts';

const realm = sharedBackend();
const create = ['auth', 'create-key'] as const;

/** Where sinks may write: every other folder of a world is searched for keys. */
let dir: string;
const at = (name: string): string => path.join(dir, name);
const inFile = (name: string): string => readFileSync(at(name), 'utf8');

beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'keywright-delivery-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function program(name: string, script: string): string {
  writeFileSync(at(name), `#!/bin/sh\n${script}\n`);
  chmodSync(at(name), 0o755);
  return at(name);
}

async function listed(world: World): Promise<ReadonlyArray<{ readonly id: string; readonly name: string }>> {
  return JSON.parse((await world.run('auth', 'list-keys', '--json')).stdout);
}

describe('auth create-key --to', () => {
  it('hands the key to every sink that is named, and says where it went instead of printing it', async () => {
    const world = await signedIn({ realm: realm() });
    const keep = program('keep', `cat > ${at('kept')}`);
    const relative = path.relative(world.cwd, at('key'));
    const { exit, stdout, stderr } = await world.run(
      ...create,
      'ci',
      '--to',
      `file:${relative}`,
      '--to',
      `env-file:${at('.env')}#CI_KEY`,
      '--to',
      `exec:${keep}`,
    );
    expect([exit, stdout]).toEqual([0, '']);
    const key = inFile('key').trim();
    expect([inFile('key'), inFile('.env'), inFile('kept'), statSync(at('key')).mode & 0o777]).toEqual([`${key}\n`, `CI_KEY='${key}'\n`, `${key}\n`, 0o600]);
    expect(key).toMatch(/^mxk_[0-9a-f]{64}$/);
    expect(stderr).toMatch(/^Created the key "ci" \(id \S+\) at memax; .*\.\nDelivered it to /);
    expect(stderr.split('\n').slice(1)).toEqual([`Delivered it to file:${at('key')}, env-file:${at('.env')}#CI_KEY, exec:${keep}.`, '']);
  });

  it('tells with --json what was made and where it went, without the key', async () => {
    const world = await signedIn({ realm: realm() });
    const { exit, stdout, stderr } = await world.run(...create, 'ci', '--to', `file:${at('key')}`, '--format', 'json', '--json');
    const made: Readonly<Record<string, unknown>> = JSON.parse(stdout);
    const written: Readonly<Record<string, unknown>> = JSON.parse(inFile('key'));
    expect([exit, stderr]).toEqual([0, '']);
    expect(Object.keys(written)).toEqual(['id', 'name', 'prefix', 'expires_at', 'scopes', 'key']);
    expect(made).toMatchObject({ id: written['id'], name: 'ci', delivered: [`file:${at('key')}`] });
    expect(Object.keys(made)).not.toContain('key');
  });

  it('prints a line for a shell with --format env', async () => {
    const world = await signedIn({ realm: realm() });
    expect((await world.run(...create, 'ci', '--format', 'env')).stdout).toMatch(/^MEMAX_API_KEY='mxk_[0-9a-f]{64}'\n$/);
  });

  it('prints an object with --format json, and all that is known with --json', async () => {
    const world = await signedIn({ realm: realm() });
    const short: object = JSON.parse((await world.run(...create, 'ci', '--format', 'json')).stdout);
    const long: object = JSON.parse((await world.run(...create, 'ci', '--to', 'stdout', '--json')).stdout);
    expect(Object.keys(short)).toEqual(['id', 'name', 'prefix', 'expires_at', 'scopes', 'key']);
    expect(Object.keys(long)).toEqual(expect.arrayContaining([...Object.keys(short), 'created_at', 'agent']));
    expect(Object.keys(long)).not.toContain('delivered');
  });

  it('prints it beside other sinks where stdout is named too, and shows it once in a terminal', async () => {
    const world = await signedIn({ realm: realm(), terminal: true });
    const { stdout, stderr } = await world.run(...create, 'ci', '--no-input', '--to', 'stdout', '--to', `file:${at('key')}`);
    expect(stdout).toBe(inFile('key'));
    expect(stderr).toContain(`\nDelivered it to file:${at('key')}.\nThe key is shown this once and cannot be shown again. Keep it now.\n`);
    expect((await world.run(...create, 'ci', '--no-input', '--to', `file:${at('key')}`)).stderr).not.toContain('shown this once');
  });

  it.each([
    [['--to', 'nowhere'], 2],
    [['--to', 'exec:nonesuch-program'], 3],
    [['--to', 'file:/nowhere/key'], 5],
    [['--to', 'env-file:.env'], 2],
    [['--to', 'stdout', '--to', 'stdout'], 2],
    [['--format', 'yaml'], 2],
    [['--format', 'env', '--json'], 2],
    [['--to', 'clipboard', '--format', 'env'], 2],
    [['--to', 'github-env:KEY'], 5],
  ])('makes no key where %j cannot be', async (words, code) => {
    const world = await signedIn({ realm: realm() });
    const result = await world.run(...create, 'ci', ...words);
    expect([result.exit, world.sent]).toEqual([code, []]);
  });

  it('revokes the key again where no sink took it, and says both', async () => {
    const world = await signedIn({ realm: realm() });
    const fails = program('fails', 'k=$(cat); echo "refused $k" >&2; exit 1');
    const { exit, stdout, stderr } = await world.run(...create, 'ci', '--to', `exec:${fails}`);
    expect([exit, stdout]).toEqual([5, '']);
    expect(stderr).toMatch(
      /^error\[refused\]: This was refused\n {2}\S+fails ended with 1: refused \[secret\]\. Nothing took the new key "ci" \(id \S+\), so it was revoked again\.\nhint: /,
    );
    expect(await listed(world)).toEqual([]);
  });

  it('says which key is left where even that does not work', async () => {
    const world = await signedIn({ realm: realm() });
    const fails = program('fails', 'exit 1');
    realm().faults.next('keys.revoke', { kind: 'status', status: 400 });
    const { exit, stdout } = await world.run(...create, 'ci', '--to', `exec:${fails}`, '--json');
    const [id] = (await listed(world)).map((key) => key.id);
    expect([exit, JSON.parse(stdout)]).toMatchObject([
      5,
      {
        error: {
          code: 'refused',
          detail: expect.stringContaining(`Nothing took the new key "ci" (id ${id}), and it could not be revoked again, so that it is still valid: `),
          hint: `Revoke it: keywright auth revoke-key ${id}`,
          id,
          revoked: false,
          failed: [{ sink: `exec:${fails}`, code: 'refused', may_have_it: true }],
        },
      },
    ]);
  });

  it('does not take an answer that the key was kept for its end', async () => {
    const world = await signedIn({ realm: realm() });
    const fails = program('fails', 'exit 1');
    realm().faults.next('keys.revoke', { kind: 'wrong-type', body: { data: { revoked: false, skipped: [{ id: 'x', reason: 'revoke_failed' }] } } });
    const { exit, stderr } = await world.run(...create, 'ci', '--to', `exec:${fails}`);
    const [id] = (await listed(world)).map((key) => key.id);
    expect(exit).toBe(5);
    expect(stderr).toContain(
      `(id ${id}), and it could not be revoked again, so that it is still valid: the provider kept it (revoke_failed). ${fails} ended with 1.\nhint: Revoke it: keywright auth revoke-key ${id}\n`,
    );
  });

  it('keeps the key where some sinks took it, and says which', async () => {
    const world = await signedIn({ realm: realm() });
    const fails = program('fails', 'exit 1');
    const text = await world.run(...create, 'ci', '--to', `exec:${fails}`, '--to', `file:${at('key')}`);
    expect([text.exit, text.stdout]).toEqual([9, '']);
    expect(text.stderr).toContain(`error[partly-done]: Only a part was done\n  file:${at('key')} took the new key "ci" (id `);
    const json = await world.run(...create, 'ci', '--to', `exec:${fails}`, '--to', `file:${at('key')}`, '--json');
    expect([json.exit, JSON.parse(json.stdout)]).toMatchObject([
      9,
      { error: { code: 'partly-done', id: expect.any(String), delivered: [`file:${at('key')}`], failed: [{ sink: `exec:${fails}`, code: 'refused' }] } },
    ]);
    expect(await listed(world)).toHaveLength(2);
  });

  it('is revoked by Ctrl-C while the only sink works, and delivered where a file takes it', async () => {
    const world = await signedIn({ realm: realm() });
    const waits = program('waits', `echo > ${at('started')}; exec sleep 600`);
    const running = world.start(...create, 'ci', '--to', `exec:${waits}`);
    await until('the sink to start', () => existsSync(at('started')));
    running.interrupt();
    const { exit, stderr } = await running.ended;
    expect([exit, stderr]).toEqual([130, expect.stringMatching(/Nothing took the new key "ci" \(id \S+\), so it was revoked again\.\n/)]);
    expect(await listed(world)).toEqual([]);

    realm().stats.reset();
    realm().faults.next('keys.create', { kind: 'slow', ms: 500 });
    const other = world.start(...create, 'ci', '--to', `file:${at('key')}`);
    await until('the request to reach the server', () => realm().stats.count('keys.create') === 1);
    other.interrupt();
    expect((await other.ended).exit).toBe(0);
    expect(inFile('key')).toMatch(/^mxk_/);
    expect(await listed(world)).toHaveLength(1);
  });

  it('is revoked by Ctrl-C while it is made, where its only sink is a program', async () => {
    const world = await signedIn({ realm: realm() });
    const keep = program('keep', `cat > ${at('kept')}`);
    realm().faults.next('keys.create', { kind: 'slow', ms: 500 });
    const running = world.start(...create, 'ci', '--to', `exec:${keep}`);
    await until('the request to reach the server', () => realm().stats.count('keys.create') === 1);
    running.interrupt();
    expect((await running.ended).exit).toBe(130);
    expect([existsSync(at('kept')), await listed(world)]).toEqual([false, []]);
  });
});
