import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { transcript } from '../support/normalize.ts';
import { sharedBackend } from '../support/shared-backend.ts';
import { newKey, signedIn } from '../support/signed-in.ts';
import { makeWorld, type World } from '../support/world.ts';

const realm = sharedBackend();

const FOLDER = fileURLToPath(new URL('../golden/cli/', import.meta.url));
const REFUSED = `mxk_${'0'.repeat(64)}`;
const NOBODY = '00000000-0000-4000-8000-000000000000';

interface Case {
  readonly name: string;
  readonly words: readonly string[] | ((world: World) => Promise<readonly string[]>);
  /** A signed-in person in a pipe, unless it is said. */
  readonly world?: () => Promise<World>;
}

const inPipe = () => signedIn({ realm: realm(), email: `pipe-${Math.random().toString(36).slice(2, 8)}@keywright.test` });
const ada = (terminal: boolean) => signedIn({ realm: realm(), email: `ada-${terminal ? 'terminal' : 'pipe'}@keywright.test`, terminal });
const nobody = () => makeWorld({ realm: realm() });
const somebodyNew = () => makeWorld({ realm: realm(), email: 'grace@keywright.test' });

async function withFault(world: World, route: string, fault: Parameters<ReturnType<typeof realm>['faults']['next']>[1]): Promise<World> {
  realm().faults.next(route, fault, { times: 3 });
  return world;
}

const create = (...words: string[]) => ['auth', 'create-key', ...words];

/** Every case has a file of its name; a file without a case, or a case without a file, fails. */
const CASES: readonly Case[] = [
  { name: 'help', words: [] },
  { name: 'help-auth', words: ['auth', '--help'] },
  { name: 'help-login', words: ['login', '--help'] },
  { name: 'help-logout', words: ['logout', '-h'] },
  { name: 'help-whoami', words: ['whoami', '--help'] },
  { name: 'help-auth-token', words: ['auth', 'token', '--help'] },
  { name: 'help-auth-create-key', words: create('--help') },
  { name: 'help-auth-list-keys', words: ['auth', 'list-keys', '--help'] },
  { name: 'help-auth-revoke-key', words: ['auth', 'revoke-key', '--help'] },
  { name: 'help-auth-create-client-token', words: ['auth', 'create-client-token', '--help'] },
  { name: 'help-run', words: ['run', '--help'] },
  { name: 'help-api', words: ['api', '--help'] },
  { name: 'help-backend-start', words: ['backend', 'start', '--help'] },
  { name: 'login', words: ['login', 'memax'], world: somebodyNew },
  { name: 'login-json', words: ['login', 'memax', '--json'], world: somebodyNew },
  { name: 'login-declined', words: ['login', 'memax'], world: () => makeWorld({ realm: realm(), person: 'deny' }) },
  { name: 'login-no-browser-here', words: ['login', 'memax'], world: () => makeWorld({ realm: realm(), browserLikely: false }) },
  { name: 'login-with-token', words: ['login', 'memax', '--with-token'], world: async () => makeWorld({ realm: realm(), stdin: (await newKey(realm())).key }) },
  { name: 'login-with-token-refused', words: ['login', 'memax', '--with-token'], world: () => makeWorld({ realm: realm(), stdin: REFUSED }) },
  { name: 'logout', words: ['logout'] },
  { name: 'logout-server-down', words: ['logout'], world: async () => withFault(await inPipe(), 'revoke', { kind: 'status', status: 503 }) },
  { name: 'whoami', words: ['whoami'], world: () => ada(false) },
  { name: 'whoami-signed-out', words: ['whoami'], world: nobody },
  { name: 'whoami-signed-out-json', words: ['whoami', '--json'], world: nobody },
  { name: 'whoami-key-refused', words: ['whoami'], world: () => makeWorld({ realm: realm(), env: { MEMAX_API_KEY: REFUSED } }) },
  { name: 'token', words: ['auth', 'token'] },
  { name: 'token-header', words: ['auth', 'token', '--header'] },
  { name: 'create-key', words: create('ci-deploy', '--scope', 'read', '--expires', '12h') },
  { name: 'create-key-json', words: create('ci deploy', '--scope', 'read', '--agent', 'codex', '--json') },
  { name: 'create-key-unknown-scope', words: create('ci', '--scope', 'everything') },
  { name: 'create-key-no-time', words: create('ci', '--expires', '0d', '--json') },
  { name: 'list-keys-empty', words: ['auth', 'list-keys'], world: () => ada(true) },
  {
    name: 'list-keys-rate-limited',
    words: ['auth', 'list-keys'],
    world: async () => withFault(await inPipe(), 'keys.list', { kind: 'rate-limit', retryAfter: 120 }),
  },
  {
    name: 'list-keys',
    words: async (world) => {
      await world.run(...create('plain'));
      await world.run(...create('for an agent', '--scope', 'read', '--agent', 'claude-code', '--expires', '90d'));
      return ['auth', 'list-keys'];
    },
  },
  {
    name: 'revoke-key',
    words: async (world) => {
      const made: { readonly id: string } = JSON.parse((await world.run(...create('n', '--json'))).stdout);
      return ['auth', 'revoke-key', made.id, NOBODY];
    },
  },
  {
    name: 'revoke-key-partly',
    words: ['auth', 'revoke-key', 'key_1', 'key_2'],
    world: async () => withFault(await inPipe(), 'keys.revoke', { kind: 'status', status: 500 }),
  },
  { name: 'revoke-key-bad-id', words: ['auth', 'revoke-key', '../me'] },
  { name: 'api-other-origin', words: ['api', 'get', 'https://other.test/v1/auth/me'] },
  { name: 'api-not-there', words: ['api', 'get', '/v1/nothing'] },
  { name: 'run-not-there', words: ['run', '--', 'no-such-program'] },
  { name: 'unknown-command', words: ['auth', 'crate-key', 'ci'], world: nobody },
  { name: 'unknown-flag', words: ['whoami', '--jsn'], world: nobody },
];

describe('transcripts', () => {
  it.each(CASES)('$name', async ({ name, words, world: prepare = inPipe }) => {
    const world = await prepare();
    const line = typeof words === 'function' ? await words(world) : words;
    await expect(transcript(line, await world.run(...line))).toMatchFileSnapshot(`../golden/cli/${name}.txt`);
  });

  it('are claimed one by one', () => {
    expect(readdirSync(FOLDER).sort()).toEqual(CASES.map(({ name }) => `${name}.txt`).sort());
  });
});
