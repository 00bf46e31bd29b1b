import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeWorld } from '../../support/world.ts';

describe('backend start', () => {
  it('prints the export lines, serves until Ctrl-C, and that is its normal end', async () => {
    const world = await makeWorld();
    const running = world.start('backend', 'start', 'memax');
    await running.says(/A development server/);
    expect(running.stdout()).toMatch(/^export MEMAX_API_URL=http:\/\/127\.0\.0\.1:[0-9]+\n$/);
    const origin = running.stdout().trim().split('=')[1] ?? '';
    expect((await fetch(`${origin}/v1/auth/me`)).status).toBe(401);
    running.interrupt();
    expect((await running.ended).exit).toBe(0);
    await expect(fetch(origin)).rejects.toThrow('fetch failed');
  });

  it('serves every provider unless told which', async () => {
    const world = await makeWorld();
    const running = world.start('backend', 'start');
    await running.says(/A development server/);
    const lines = running.stdout().trim().split('\n');
    const variables = lines.map((line) => /^export ([A-Z_]+)=http:\/\/127\.0\.0\.1:[0-9]+$/.exec(line)?.[1]);
    expect(variables).toEqual(['MEMAX_API_URL', 'MINDS_API_URL', 'REMINIX_API_URL', 'AGNTIX_API_URL']);
    running.interrupt();
    expect((await running.ended).exit).toBe(0);
  });

  it('prints an array as JSON, keeps its data in a folder, and takes a port', async () => {
    const world = await makeWorld();
    // A port that was free a moment ago; nobody else asks for just this one.
    const probe = createServer();
    await new Promise<void>((resolve) => void probe.listen(0, '127.0.0.1', resolve));
    const { port } = probe.address() as AddressInfo;
    await new Promise((resolve) => void probe.close(resolve));
    const running = world.start('backend', 'start', 'memax', '--json', '--data', join(world.dir, 'data'), '--port', String(port));
    while (running.stdout() === '') await new Promise((resolve) => setTimeout(resolve, 10));
    running.interrupt();
    const { exit, stdout, stderr } = await running.ended;
    expect([exit, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout)).toMatchObject([{ id: 'memax', origin: `http://127.0.0.1:${port}` }]);
  });

  it.each([
    [[], []],
    [['--device'], ['device_authorization_endpoint']],
    [
      ['--device', '--dpop'],
      ['device_authorization_endpoint', 'dpop_signing_alg_values_supported'],
    ],
  ])('offers what the real providers do not only where it is switched on: %j', async (switches, offered) => {
    const world = await makeWorld();
    const running = world.start('backend', 'start', 'memax', ...switches);
    await running.says(/A development server/);
    const metadata: unknown = await (await fetch(`${running.stdout().trim().split('=')[1]}/.well-known/oauth-authorization-server`)).json();
    expect(['device_authorization_endpoint', 'dpop_signing_alg_values_supported'].filter((name) => Object.hasOwn(Object(metadata), name))).toEqual(offered);
    running.interrupt();
    expect((await running.ended).exit).toBe(0);
  });

  it.each([
    [['nobody'], 'No provider is called "nobody".'],
    [['--port', '0'], '--port "0" is not a port.'],
    [['--port', '65536'], '--port "65536" is not a port.'],
    [['--port', '80a'], '--port "80a" is not a port.'],
    [['--port'], "Option '--port <port>' argument missing"],
    [['--dater', 'x'], "Unknown option '--dater'"],
  ])('refuses %j', async (words, detail) => {
    const world = await makeWorld();
    const result = await world.run('backend', 'start', ...words);
    expect([result.exit, result.stdout]).toEqual([2, '']);
    expect(result.stderr).toContain(detail);
  });

  it('says that a port is taken', async () => {
    const world = await makeWorld();
    const taken = createServer();
    await new Promise<void>((resolve) => void taken.listen(0, '127.0.0.1', resolve));
    const { port } = taken.address() as AddressInfo;
    const result = await world.run('backend', 'start', '--port', String(port));
    await new Promise((resolve) => void taken.close(resolve));
    expect(result.exit).toBe(2);
    expect(result.stderr).toContain(`Port ${port} is already in use.`);
  });
});
