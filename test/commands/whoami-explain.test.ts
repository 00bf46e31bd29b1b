import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Failure } from '../../src/model/failure.ts';
import { sharedBackend } from '../support/shared-backend.ts';
import { newKey, signedIn } from '../support/signed-in.ts';
import { makeWorld } from '../support/world.ts';

const realm = sharedBackend();

interface Candidate {
  readonly name: string;
  readonly status: string;
  readonly why: string;
}

type Explained = Readonly<Record<'provider' | 'address' | 'credential', readonly Candidate[]>>;

const used = (explanation: Explained): readonly string[] =>
  [explanation.provider, explanation.address, explanation.credential].map((candidates) =>
    candidates
      .filter(({ status }) => status === 'used')
      .map(({ name }) => name)
      .join(),
  );

describe('whoami --explain', () => {
  it('lists for a key in a variable every candidate, what became of it and why', async () => {
    const world = await signedIn({ realm: realm() });
    const { key } = await newKey(realm(), {}, world.email);
    world.setEnv('MEMAX_API_KEY', key);
    world.setEnv('API_KEY', 'of-something-else-entirely');
    const result = await world.run('whoami', '--explain', '--json');
    const { origin } = realm();
    const identity = (await world.accounts.list())[0]?.identity;
    const none = { account: null, preview: null, tier: null, url_source: 'MEMAX_API_URL' };
    expect(JSON.parse(result.stdout)).toEqual({
      provider: 'memax',
      origin,
      identity: { ...identity, hubs: [{ id: expect.stringMatching(/^[0-9a-f-]{36}$/) as string, name: world.email.split('@')[0], role: 'owner' }] },
      kind: 'key',
      project: null,
      token: null,
      source: { kind: 'variable', name: 'MEMAX_API_KEY' },
      explanation: {
        provider: [
          { provider: null, source: 'flag', name: '--provider', status: 'not-set', why: 'no provider was named' },
          { provider: null, source: 'binding', name: '.keywright.json', status: 'not-set', why: 'no binding counts here' },
          { provider: 'memax', source: 'variable', name: 'MEMAX_API_KEY', status: 'used', why: 'it is the only key variable of a provider that is set' },
          { provider: null, source: 'default', name: 'use', status: 'not-set', why: 'no default was chosen' },
          { provider: 'memax', source: 'sign-in', name: 'the only sign-in', status: 'shadowed', why: 'MEMAX_API_KEY comes first' },
          { provider: null, source: 'variable', name: 'KEYWRIGHT_API_KEY', status: 'not-set', why: 'it is not set' },
          { provider: null, source: 'variable', name: 'API_KEY', status: 'does-not-fit', why: 'it does not look like a key of any provider' },
        ],
        address: [
          { url: origin, tier: 'own', source: 'variable', name: 'MEMAX_API_URL', status: 'used', why: 'it is set' },
          { url: null, tier: 'ours', source: 'variable', name: 'KEYWRIGHT_API_URL', status: 'not-set', why: 'it is not set' },
          { url: null, tier: 'bare', source: 'variable', name: 'API_URL', status: 'not-set', why: 'it is not set' },
          { url: 'https://api.memax.app', tier: null, source: 'definition', name: 'the definition', status: 'shadowed', why: 'MEMAX_API_URL comes first' },
        ],
        credential: [
          { ...none, source: 'flag', name: '--account', status: 'not-set', why: 'no account was named' },
          {
            ...none,
            preview: `${key.slice(0, 8)}...${key.slice(-4)}`,
            tier: 'own',
            source: 'variable',
            name: 'MEMAX_API_KEY',
            status: 'used',
            why: 'it is set',
          },
          { ...none, tier: 'ours', source: 'variable', name: 'KEYWRIGHT_API_KEY', status: 'not-set', why: 'it is not set' },
          { ...none, tier: 'bare', source: 'variable', name: 'API_KEY', status: 'does-not-fit', why: 'it does not look like a key of Memax' },
          { ...none, source: 'binding', name: '.keywright.json', status: 'not-set', why: 'no binding counts here' },
          { ...none, source: 'default', name: 'use', status: 'not-set', why: `no default account was chosen for ${origin}` },
          { ...none, account: 'default', source: 'sign-in', name: 'the only account', status: 'shadowed', why: 'MEMAX_API_KEY comes first' },
          { ...none, account: 'default', source: 'sign-in', name: 'default', status: 'shadowed', why: 'MEMAX_API_KEY comes first' },
        ],
      },
    });
    expect(result.stderr).toBe(`warning: MEMAX_API_KEY is used; the stored sign-in "default" at ${origin} is not.\n`);
  });

  it('is a table in a terminal and tab-separated lines in a pipe, after who one is', async () => {
    const piped = await (await signedIn({ realm: realm() })).run('whoami', '--explain');
    const lines = piped.stdout.trimEnd().split('\n');
    expect(lines[0]).toMatch(/ at memax, by the stored sign-in "default"$/);
    expect(lines[1]?.split('\t')).toEqual(['provider', 'not-set', 'flag', '--provider', '-', 'no provider was named']);
    expect(lines.slice(1).every((line) => line.split('\t').length === 6)).toBe(true);
    const shown = await (await signedIn({ realm: realm(), terminal: true })).run('whoami', '--explain');
    expect(shown.stdout).toMatch(/\n\nFOR +STATUS +SOURCE +NAME +VALUE +WHY\nprovider +not-set +flag +--provider +no provider was named\n/);
    expect(shown.stdout).toMatch(/\ncredential +used +sign-in +the only account +default +"default" is the only account that is signed in at http:/);
  });

  it('tells the decision that other commands take, wherever it comes from', async () => {
    const world = await signedIn({ realm: realm() });
    await world.run('login', 'memax', '--account', 'work', '--quiet', '--browser');
    const explained = async (...words: string[]): Promise<readonly string[]> => {
      const { source, explanation } = JSON.parse((await world.run('whoami', '--explain', '--json', ...words)).stdout);
      return [source.name, ...used(explanation).slice(2)];
    };
    expect(await explained()).toEqual(['default', 'default']);
    await world.run('use', 'memax', '--account', 'work');
    expect(await explained()).toEqual(['work', 'use']);
    expect(await explained('--account', 'default')).toEqual(['default', '--account']);
    const path = join(world.cwd, '.keywright.json');
    await writeFile(path, '{"account":"default"}', { mode: 0o644 });
    expect(await explained()).toEqual(['default', path]);
  });

  it('shows the list when nobody is signed in, and says so after it', async () => {
    const world = await makeWorld({ realm: realm() });
    const plain = await world.run('whoami', 'memax');
    const explained = await world.run('whoami', 'memax', '--explain');
    expect([explained.exit, explained.stderr]).toEqual([4, plain.stderr]);
    expect(explained.stdout).toMatch(/^provider\tused\tflag\t--provider\tmemax\tit was named\n/);
    expect(explained.stdout).toContain('credential\tused\tsign-in\tdefault\tdefault\tit is the name that counts where nothing else was chosen\n');
    const { error } = JSON.parse((await world.run('whoami', 'memax', '--explain', '--json')).stdout);
    expect([error.code, error.hint]).toEqual(['signed-out', JSON.parse((await world.run('whoami', 'memax', '--json')).stdout).error.hint]);
    expect(used(error.explanation)).toEqual(['--provider', 'MEMAX_API_URL', 'default']);
  });

  it('shows the list when the keychain is locked', async () => {
    const world = await signedIn({
      realm: realm(),
      store: (memory) => ({
        ...memory,
        read: async (address) => {
          if (memory.entries.size === 0) return memory.read(address);
          throw new Failure('keychain-locked', { detail: 'The keychain is locked.', hint: 'Unlock it.' });
        },
      }),
    });
    const result = await world.run('whoami', '--explain', '--json');
    const { error } = JSON.parse(result.stdout);
    expect([result.exit, error.code, error.retry]).toEqual([6, 'keychain-locked', true]);
    expect(used(error.explanation)[2]).toBe('the only account');
  });

  it('shows the list when the key may not go to the address, and sends nothing', async () => {
    const world = await makeWorld({ env: { MEMAX_API_KEY: (await newKey(realm())).key, API_URL: 'https://elsewhere.test' } });
    const result = await world.run('whoami', '--explain', '--json');
    const { error } = JSON.parse(result.stdout);
    const winner = error.explanation.credential[1];
    expect([result.exit, error.code, winner.status, winner.url_source]).toEqual([5, 'refused', 'refused', 'API_URL']);
    expect(winner.why).toBe(error.detail);
    expect(world.sent).toEqual([]);
  });

  it('shows the list when the address may not be used, without what it holds', async () => {
    const world = await makeWorld({ env: { MEMAX_API_URL: 'https://me:hidden-word@elsewhere.test' } });
    const result = await world.run('whoami', 'memax', '--explain');
    expect(result.exit).toBe(2);
    expect(result.stdout).toMatch(/\naddress\trefused\tvariable\tMEMAX_API_URL\t-\t/);
    expect(result.stdout + result.stderr).not.toContain('hidden-word');
    expect(world.sent).toEqual([]);
  });
});

describe('whoami', () => {
  const mismatch = async (owner: (email: string) => string) => {
    const world = await signedIn({ realm: realm() });
    world.setEnv('MEMAX_API_KEY', (await newKey(realm(), {}, owner(world.email))).key);
    return { world, result: await world.run('whoami', '--json'), said: (await world.run('whoami')).stderr };
  };

  it('says when the key in a variable belongs to somebody else than the stored sign-in', async () => {
    const { world, result, said } = await mismatch(() => 'grace@keywright.test');
    const identity = (await world.accounts.list())[0]?.identity;
    expect(JSON.parse(result.stdout).differs_from).toEqual({ account: 'default', identity });
    expect(said).toMatch(new RegExp(`\\nMEMAX_API_KEY belongs to grace@keywright\\.test, the stored sign-in "default" to ${world.email}\\.\\n$`));
  });

  it('says nothing of it where both are the same', async () => {
    const { result, said } = await mismatch((email) => email);
    expect(Object.keys(JSON.parse(result.stdout))).toEqual(['provider', 'origin', 'identity', 'kind', 'project', 'token', 'source']);
    expect(said).not.toContain('belongs to');
  });
});
