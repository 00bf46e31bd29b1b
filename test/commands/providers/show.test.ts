import { describe, expect, it } from 'vitest';
import { PROVIDERS } from '../../../src/providers/registry.ts';
import { addOwn } from '../../support/own-providers.ts';
import { makeWorld } from '../../support/world.ts';

describe('providers show', () => {
  it('shows every fact, and marks what is assumed with its reason', async () => {
    const world = await makeWorld();
    for (const { id, assumed } of PROVIDERS) {
      const { facts }: { facts: ReadonlyArray<{ fact: string; value: string; assumed: string | null }> } = JSON.parse(
        (await world.run('providers', 'show', id, '--json')).stdout,
      );
      expect(facts.map(({ fact }) => fact)).toEqual([
        'base-url',
        'key-variable',
        'url-variable',
        'project-variable',
        'credentials',
        'oauth',
        'identity',
        'create-key',
        'list-keys',
        'revoke-key',
        'client-tokens',
        'paging',
        'errors',
        'scopes',
      ]);
      expect(facts.filter((row) => row.value === '')).toEqual([]);
      expect(Object.fromEntries(facts.flatMap((row) => (row.assumed === null ? [] : [[row.fact, row.assumed]])))).toEqual(assumed);
    }
    const { stdout } = await world.run('providers', 'show', 'agntix');
    expect(stdout).toContain('url-variable\tAGNTIX_API_URL\tassumed: the documents name AGNTIX_API_KEY only\n');
    expect(stdout).toContain('base-url\thttps://api.agntix.ai\t-\n');
  });

  it('shows an own provider as its file has it', async () => {
    const world = await makeWorld({ terminal: true });
    await addOwn(world, 'acme');
    const { exit, stdout } = await world.run('providers', 'show', 'acme');
    expect(exit).toBe(0);
    const lines = stdout.split('\n').map((line) => line.replace(/ {2,}/g, '  '));
    expect(lines.slice(0, 2)).toEqual(['Acme Cloud (acme), your own definition; keys are managed at https://acme.example/settings/keys', '']);
    expect(lines).toEqual(
      expect.arrayContaining([
        'key-variable  ACME_API_KEY',
        'credentials  an API key (acme_<32 to 64 base64url>, sent as x-acme-key: <it>)',
        'oauth  at the issuer https://id.acme.example/tenants/acme, as the client keywright-cli',
        'create-key  POST /v2/credentials (name required, up to 40 characters, scopes, expiry in seconds)',
        'list-keys  GET /v2/credentials (pages: a cursor in "more.after")',
        'revoke-key  POST /v2/credentials/ID/revoke',
        'scopes  sign-in: jobs credentials; keys: jobs:read jobs:write',
      ]),
    );
  });

  it('knows no provider that there is not', async () => {
    const world = await makeWorld();
    expect(await world.run('providers', 'show', 'nobody')).toMatchObject({ exit: 2, stderr: expect.stringContaining('No provider is called "nobody"') });
  });
});
