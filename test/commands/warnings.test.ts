import { describe, expect, it } from 'vitest';
import type { HttpReply, HttpRequest } from '../../src/model/http.ts';
import { makeWorld, type World, type WorldWishes } from '../support/world.ts';

const KEY = `mxk_${'5ec7e7'.repeat(10)}5ec7`;
const REVOKED = '{"data":{"revoked":true}}';

/** Somebody with a key at a memax that has something to say beside each answer. */
function warnedBy(warnings: readonly string[], more: WorldWishes = {}): Promise<World> {
  const left = [...warnings];
  const elsewhere = ({ method }: HttpRequest): HttpReply => {
    const warning = left.shift();
    return { status: 200, headers: warning === undefined ? {} : { 'x-memax-warning': warning }, body: method === 'GET' ? '{"data":[]}' : REVOKED };
  };
  return makeWorld({ env: { MEMAX_API_KEY: KEY }, elsewhere, ...more });
}

describe('what a provider warns of', () => {
  it('is told once, however many replies of one run repeat it, and again by the next run', async () => {
    const world = await warnedBy(Array.from({ length: 8 }, () => 'Your plan ends soon.'));
    for (let run = 0; run < 2; run += 1) {
      expect(await world.run('auth', 'revoke-key', 'k1', 'k2', 'k3')).toEqual({
        exit: 0,
        stdout: 'revoked k1\nrevoked k2\nrevoked k3\n',
        stderr: 'warning: Memax says: Your plan ends soon.\nrevoked 3, already gone 0, failed 0\n',
      });
      expect(world.sent).toHaveLength(4);
    }
  });

  it('is told each time that it is something else', async () => {
    const world = await warnedBy(['One.', 'Two.', 'One.', ' Two. ']);
    expect((await world.run('auth', 'revoke-key', 'k1', 'k2', 'k3')).stderr).toBe(
      'warning: Memax says: One.\nwarning: Memax says: Two.\nrevoked 3, already gone 0, failed 0\n',
    );
  });

  it('lets no escape sequence through, and no second line', async () => {
    const world = await warnedBy(['\u001b[2J\u001b]8;;https://evil.example\u0007Pay\u001b]8;;\u0007\r\nerror[bug]: gone\u009b31m\u202e']);
    expect((await world.run('auth', 'list-keys')).stderr).toBe('warning: Memax says: Pay error[bug]: gone 31m\n');
  });

  it('is cut where it is long', async () => {
    const world = await warnedBy(['w'.repeat(5000)]);
    expect((await world.run('auth', 'list-keys')).stderr).toBe(`warning: Memax says: ${'w'.repeat(297)}...\n`);
  });

  it('never shows a key, neither the one that was sent nor another', async () => {
    const world = await warnedBy([`The key ${KEY} of mxk_${'0a'.repeat(32)} ends soon.`]);
    expect((await world.run('auth', 'list-keys')).stderr).toBe('warning: Memax says: The key [secret] of [secret] ends soon.\n');
  });

  it.each([[''], [' '], ['\u001b[0m\u0007']])('is not told where it says nothing: %j', async (warning) => {
    expect((await (await warnedBy([warning])).run('auth', 'list-keys')).stderr).toBe('');
  });

  it('is told beside a failure, too', async () => {
    const world = await warnedBy([], { elsewhere: () => ({ status: 500, headers: { 'x-memax-warning': 'We are moving.' }, body: '' }) });
    const { exit, stderr } = await world.run('auth', 'create-key', 'n');
    expect([exit, stderr.startsWith('warning: Memax says: We are moving.\nerror[unreachable]')]).toEqual([7, true]);
  });

  it('is not told with --quiet, and leaves the result alone with --json', async () => {
    expect(await (await warnedBy(['Soon.'])).run('auth', 'list-keys', '--quiet')).toEqual({ exit: 0, stdout: '', stderr: '' });
    expect(await (await warnedBy(['Soon.'])).run('auth', 'list-keys', '--json')).toEqual({
      exit: 0,
      stdout: '[]\n',
      stderr: 'warning: Memax says: Soon.\n',
    });
  });

  it('is heard at a sign-in with a key', async () => {
    const elsewhere = (): HttpReply => ({ status: 200, headers: { 'x-memax-warning': 'Soon.' }, body: '{"data":{"user":{"id":"u1"}}}' });
    const world = await makeWorld({ elsewhere, stdin: KEY });
    const { exit, stderr } = await world.run('login', 'memax', '--with-token');
    expect([exit, stderr]).toEqual([0, 'warning: Memax says: Soon.\n']);
  });

  it('is nothing at a provider that has no header for it', async () => {
    const elsewhere = (): HttpReply => ({ status: 200, headers: { 'x-memax-warning': 'Soon.' }, body: '[]' });
    const world = await makeWorld({ elsewhere, env: { MINDS_API_KEY: `minds_${'1'.repeat(48)}` } });
    expect(await world.run('auth', 'list-keys')).toMatchObject({ exit: 0, stderr: '' });
  });
});
