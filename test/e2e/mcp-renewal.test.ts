import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createGrantIndex } from '../../src/adapters/grants.ts';
import { type LocalBackend, startBackend } from '../../src/backend/start.ts';
import { type Home, keywright, leadingTo, leftBehind, makeHome, until } from '../support/cli.ts';
import { keyOwner } from '../support/key-owner.ts';
import { startBridge } from '../support/mcp-program.ts';

let backend: LocalBackend;
let home: Home;

beforeAll(async () => {
  backend = await startBackend({ realms: ['memax'], dataDir: undefined, port: 0 });
  home = await makeHome();
});

afterAll(async () => {
  await backend.stop();
  const left = await leftBehind([home.dir], [backend]);
  await home.remove();
  expect(left).toEqual([]);
});

const list = (id: number): string =>
  JSON.stringify({
    jsonrpc: '2.0',
    id,
    method: 'tools/list',
    params: { _meta: { 'io.modelcontextprotocol/protocolVersion': '2026-07-28', 'io.modelcontextprotocol/clientCapabilities': {} } },
  });

it('a bridge has its grant renewed near its end, and goes on with the new key without a restart', async () => {
  const realm = backend.realm('memax');
  const owner = await keyOwner(realm, 'renewal@keywright.test');
  const own = await owner.make('own');
  const env = { ...home.env, ...leadingTo(realm), KEYWRIGHT_STORE: 'file' };
  expect(await keywright(env, ['login', 'memax', '--with-token'], { input: own.key })).toMatchObject({ code: 0 });
  const made = await keywright(env, ['auth', 'create-grant', '--agent', 'codex', '--scope', 'read', '--expires', '2d', '--renew']);
  expect(made.code, made.stderr).toBe(0);
  const id = made.stdout.trim();
  const grants = createGrantIndex(path.join(home.env['XDG_STATE_HOME'] ?? '', 'keywright/grants'));
  const first = await grants.find(id);
  if (first === undefined) throw new Error('no grant was made');
  const now = Date.now();
  await grants.write({ ...first, createdAt: new Date(now - 10 * 86_400_000).toISOString(), expiresAt: new Date(now + 86_400_000).toISOString() });

  // What clients start it with: no address, and a key that belongs to somebody else.
  const bridge = startBridge({ ...home.env, MEMAX_API_KEY: `mxk_${'0'.repeat(64)}` }, ['memax', '--grant', id]);
  bridge.say(list(1));
  expect(await bridge.answer(1)).toMatchObject({ result: {} });
  const renewed = await until('the renewal', async () => {
    const found = await grants.find(id);
    return found !== undefined && found.keyId !== first.keyId ? found : undefined;
  });
  expect(Date.parse(renewed.expiresAt ?? '')).toBeGreaterThan(now + 1.5 * 86_400_000);
  await until('the end of the old key', async () => !(await owner.list()).some((key) => key.id === first.keyId));
  bridge.say(list(2));
  expect(await bridge.answer(2)).toMatchObject({ result: {} });
  bridge.leave();
  expect(await bridge.ended).toEqual({ code: 0, signal: null });
  expect(bridge.stderr()).toBe('');
  expect((await owner.named(`codex@${first.device}`)).map((key) => key.id)).toEqual([renewed.keyId]);
});
