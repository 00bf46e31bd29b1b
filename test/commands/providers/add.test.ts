import { symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { addOwn, documentedDefinitions, storedDefinitions } from '../../support/own-providers.ts';
import { makeWorld, type World } from '../../support/world.ts';

async function fileWith(world: World, content: string): Promise<string> {
  const file = join(world.cwd, 'definition.json');
  await writeFile(file, content);
  return file;
}

const documented = async (id: string, change: Readonly<Record<string, unknown>> = {}): Promise<string> =>
  JSON.stringify({ ...JSON.parse((await documentedDefinitions()).get(id) ?? ''), ...change });

describe('providers add', () => {
  it('shows every address and asks; a yes stores the file as it is', async () => {
    const world = await makeWorld({ terminal: true, answers: ['yes'] });
    const text = await documented('acme');
    const result = await world.run('providers', 'add', await fileWith(world, text));
    expect(result).toMatchObject({ exit: 0, stdout: 'Added acme. Sign in: keywright login acme\n' });
    expect(result.stderr).toContain(
      [
        'Acme Cloud (acme) leads to these addresses:',
        '  https://api.acme.example  keys and tokens are sent there, and whatever stands in ACME_API_KEY',
        '  https://id.acme.example/tenants/acme  you sign in there, or where its metadata says',
        '',
      ].join('\n'),
    );
    expect(await storedDefinitions(world)).toEqual(new Map([['acme', text]]));
    expect(world.sent).toEqual([]);
  });

  it('stores nothing after a no, and asks nobody where nobody is there', async () => {
    const no = await makeWorld({ terminal: true, answers: ['no'] });
    expect((await no.run('providers', 'add', await fileWith(no, await documented('acme')))).exit).toBe(130);
    const pipe = await makeWorld();
    const result = await pipe.run('providers', 'add', await fileWith(pipe, await documented('acme')), '--quiet');
    expect([result.exit, result.stderr]).toEqual([2, expect.stringMatching(/https:\/\/id\.acme\.example[\s\S]*error\[needs-answer\][\s\S]*--yes/)]);
    expect([...(await storedDefinitions(no)), ...(await storedDefinitions(pipe))]).toEqual([]);
  });

  it('shows the endpoints of a server without metadata', async () => {
    const world = await makeWorld();
    const server = {
      kind: 'endpoints',
      authorization: 'https://a.example/authorize',
      token: 'https://t.example/token',
      revocation: 'https://r.example/revoke',
      device_authorization: 'https://d.example/device',
    };
    const text = await documented('acme', { oauth: { server, client: { kind: 'fixed', client_id: 'cli' } } });
    const { stderr } = await world.run('providers', 'add', await fileWith(world, text), '--yes');
    for (const host of ['api.acme.example', 'a.example/authorize', 't.example/token', 'r.example/revoke', 'd.example/device'])
      expect(stderr).toContain(`  https://${host}  `);
  });

  it('tells every mistake with its path, in lines and in JSON, and stores nothing', async () => {
    const world = await makeWorld();
    const wrong = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`wrong_${index}`, index]));
    const file = await fileWith(world, await documented('acme', { ...wrong, base_url: 'http://acme.example' }));
    const text = await world.run('providers', 'add', file, '--yes');
    expect(text.exit).toBe(2);
    for (const path of [...Object.keys(wrong), 'base_url']) expect(text.stderr).toMatch(new RegExp(`^${path} (is no field|must be)`, 'm'));
    const { error }: { error: { code: string; mistakes: readonly unknown[] } } = JSON.parse(
      (await world.run('providers', 'add', file, '--yes', '--json')).stdout,
    );
    expect([error.code, error.mistakes.length]).toEqual(['usage', 31]);
    expect([...(await storedDefinitions(world))]).toEqual([]);
  });

  it.each([
    ['memax', 'belongs to the built-in provider memax'],
    ['reminix', 'belongs to the built-in provider reminix'],
    ['keywright', 'and not with "keywright"'],
    ['keywright-store', 'and not with "keywright"'],
    ['../escape', 'must be 1 to 32'],
  ])('refuses the id %s', async (id, why) => {
    const world = await makeWorld();
    const result = await world.run('providers', 'add', await fileWith(world, await documented('acme', { id })), '--yes', '--replace');
    expect([result.exit, result.stderr]).toEqual([2, expect.stringContaining(why)]);
    expect([...(await storedDefinitions(world))]).toEqual([]);
  });

  it('refuses the address of a built-in provider, whose credentials it would get', async () => {
    const world = await makeWorld();
    const result = await world.run('providers', 'add', await fileWith(world, await documented('acme', { base_url: 'https://api.memax.app/v1' })), '--yes');
    expect([result.exit, result.stderr]).toEqual([2, expect.stringContaining('base_url belongs to the built-in provider memax')]);
  });

  it('warns of keys that look like those of a built-in provider, and of an address that another one has', async () => {
    const world = await makeWorld();
    await addOwn(world, 'acme');
    const text = await documented('acme', { id: 'acme-eu', key: { prefix: 'mxk_', alphabet: 'hex', length: 64 } });
    const { exit, stderr } = await world.run('providers', 'add', await fileWith(world, text), '--yes');
    expect(exit).toBe(0);
    expect(stderr).toContain('Its keys begin like those of memax');
    expect(stderr).toContain('acme is at https://api.acme.example as well');
  });

  it('takes the place of another one only with --replace, and says what it replaces', async () => {
    const world = await makeWorld();
    await addOwn(world, 'acme');
    const file = await fileWith(world, await documented('acme', { base_url: 'https://new.acme.example' }));
    expect(await world.run('providers', 'add', file, '--yes')).toMatchObject({ exit: 2, stderr: expect.stringContaining('--replace') });
    expect((await storedDefinitions(world)).get('acme')).toContain('"https://api.acme.example"');
    const replaced = await world.run('providers', 'add', file, '--yes', '--replace');
    expect(replaced).toMatchObject({ exit: 0, stdout: expect.stringMatching(/^Replaced acme\./) });
    expect(replaced.stderr).toContain('This replaces the definition of acme, which leads to https://api.acme.example.');
    expect((await storedDefinitions(world)).get('acme')).toContain('"https://new.acme.example"');
  });

  it('reads regular files of a sensible size only', async () => {
    const world = await makeWorld();
    expect((await world.run('providers', 'add', join(world.cwd, 'nothing.json'), '--yes')).exit).toBe(3);
    expect((await world.run('providers', 'add', world.cwd, '--yes')).exit).toBe(2);
    expect((await world.run('providers', 'add', '/dev/zero', '--yes')).exit).toBe(2);
    const big = await fileWith(world, `"${'a'.repeat(10 * 1024 * 1024)}"`);
    expect((await world.run('providers', 'add', big, '--yes')).exit).toBe(2);
    const linked = join(world.cwd, 'linked.json');
    await symlink(await fileWith(world, await documented('bolt')), linked);
    expect(await world.run('providers', 'add', linked, '--yes')).toMatchObject({ exit: 0, stdout: 'Added bolt. Sign in: keywright login bolt --with-token\n' });
  });
});
