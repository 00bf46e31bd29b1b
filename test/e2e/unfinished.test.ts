import process from 'node:process';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { type Home, keywright, makeHome, PROGRAM } from '../support/cli.ts';
import { type RunningServer, startTcp } from '../integration/http/servers.ts';

/** Makes every asynchronous use of a file wait for what never comes. */
const STUCK = `data:text/javascript,${encodeURIComponent(`
import files from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
for (const name of Object.keys(files)) if (typeof files[name] === 'function') files[name] = () => new Promise(() => undefined);
syncBuiltinESMExports();
`)}`;

let home: Home;
let server: RunningServer;

beforeAll(async () => {
  home = await makeHome();
  server = await startTcp((socket) =>
    socket.on('data', () => socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n')),
  );
});

afterAll(async () => {
  await server.stop();
  await home.remove();
});

async function endless(...words: readonly string[]) {
  return keywright({ ...home.env, KEYWRIGHT_STORE: 'file' }, words, { through: [process.execPath, '--import', STUCK, PROGRAM] });
}

it('a command that waits for what never comes ends as a bug, as text', async () => {
  const { code, stdout, stderr } = await endless('completion', 'uninstall', 'bash');
  expect({ code, stdout, stderr }).toEqual({ code: 1, stdout: '', stderr: expect.stringContaining('error[bug]') });
});

it('the same as JSON', async () => {
  const { code, stdout } = await endless('completion', 'uninstall', 'bash', '--json');
  expect([code, JSON.parse(stdout)]).toMatchObject([1, { error: { code: 'bug' } }]);
});

it('a provider that changes the protocol is told', async () => {
  const ended = await keywright({ ...home.env, MEMAX_API_URL: server.origin, MEMAX_API_KEY: 'mxk_0123456789abcdef0123456789abcdef' }, [
    'whoami',
    'memax',
    '--json',
  ]);
  expect([ended.code, JSON.parse(ended.stdout)]).toMatchObject([8, { error: { code: 'unexpected-answer' } }]);
});
