import { describe, expect, it } from 'vitest';
import { addOwn } from '../../support/own-providers.ts';
import { makeWorld } from '../../support/world.ts';

describe('providers list', () => {
  it('shows the built-in providers and then those of the person', async () => {
    const world = await makeWorld();
    await addOwn(world, 'acme');
    const { exit, stdout } = await world.run('providers', 'list');
    expect([exit, stdout.split('\n')]).toEqual([
      0,
      [
        'memax\tMemax\tbuilt-in\thttps://api.memax.app\tbrowser, key\tcreate-key, list-keys, revoke-key',
        'minds\tMinds\tbuilt-in\thttps://getminds.ai\tkey\tcreate-key, list-keys, revoke-key',
        'reminix\tReminix\tbuilt-in\thttps://api.reminix.com\tkey\tcreate-client-token',
        'agntix\tAgntix\tbuilt-in\thttps://api.agntix.ai\tkey\tcreate-key, list-keys, revoke-key',
        'acme\tAcme Cloud\town\thttps://api.acme.example\tbrowser, key\tcreate-key, list-keys, revoke-key',
        '',
      ],
    ]);
    expect(world.sent).toEqual([]);
  });

  it('is a table in a terminal, and data with --json', async () => {
    const world = await makeWorld({ terminal: true });
    const table = await world.run('providers', 'list');
    expect(table.stdout.split('\n')[0]).toMatch(/^ID +NAME +ORIGIN +ADDRESS +SIGN IN BY +CAN$/);
    const listed: readonly unknown[] = JSON.parse((await world.run('providers', 'list', '--json')).stdout);
    expect(listed).toHaveLength(4);
    expect(listed[2]).toEqual({
      id: 'reminix',
      name: 'Reminix',
      origin: 'built-in',
      base_url: 'https://api.reminix.com',
      sign_in: ['key'],
      can: ['create-client-token'],
    });
  });
});
