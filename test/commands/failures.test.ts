import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { Fault } from '../../src/backend/faults.ts';
import { type FailureCode, FAILURES } from '../../src/model/failure.ts';
import { sharedBackend } from '../support/shared-backend.ts';
import { newKey } from '../support/signed-in.ts';
import { makeWorld, type World, type WorldWishes } from '../support/world.ts';

const realm = sharedBackend();

/** What a body may hold that must never be shown. */
const MARK = 'SECRET-7f3a';

/** Every command that makes a request of the API: its words, the route, and what it says that it could not do. */
const COMMANDS = [
  [['whoami'], 'me', 'ask who you are'],
  [['auth', 'list-keys'], 'keys.list', 'list the keys'],
  [['auth', 'create-key', 'ci'], 'keys.create', 'create the key'],
  [['auth', 'revoke-key', 'key_1', '--self'], 'keys.revoke', 'revoke the key key_1'],
] as const;

const TRY_LATER = 'The provider has trouble. Try again in a while.';
const JSON_EXPECTED = 'The address may lead to a web page or a sign-in portal instead of the API. Check the API address and the network.';

/** What the server does, and the failure that stands for it. `said` completes the detail after "Could not ...". */
const SERVER_FAULTS: ReadonlyArray<readonly [title: string, fault: Fault, code: FailureCode, said: string, hint: string]> = [
  [
    '400',
    { kind: 'status', status: 400, message: 'No.' },
    'refused',
    'Memax says: invalid_request: No. (400).',
    'Correct what the provider names, and try again.',
  ],
  [
    '402',
    { kind: 'status', status: 402, message: 'No.' },
    'refused',
    'Memax says: quota_exceeded: No. (402).',
    'A quota of the plan is used up. Look at the plan in the dashboard.',
  ],
  [
    '403',
    { kind: 'status', status: 403, message: 'No.' },
    'refused',
    'Memax says: forbidden: No. (403).',
    'Use a credential that may do this: sign in with "keywright login", or take a key with wider scopes.',
  ],
  [
    '409',
    { kind: 'status', status: 409, message: 'No.' },
    'refused',
    'Memax says: conflict: No. (409).',
    'It conflicts with something that is there already, such as a key of the same name.',
  ],
  ['429 with seconds', { kind: 'rate-limit', retryAfter: 120 }, 'rate-limited', 'Memax says: rate_limited: Too many requests. (429).', 'Try again in 120 s.'],
  [
    '429 with a date',
    { kind: 'rate-limit', retryAfter: 'Fri, 31 Dec 2199 23:59:59 GMT' },
    'rate-limited',
    'Memax says: rate_limited: Too many requests. (429).',
    'Try again after 2199-12-31T23:59:59.000Z.',
  ],
  ['429 with nothing', { kind: 'rate-limit' }, 'rate-limited', 'Memax says: rate_limited: Too many requests. (429).', 'Wait a little and try again.'],
  [
    '429 with nonsense',
    { kind: 'rate-limit', retryAfter: 'soon' },
    'rate-limited',
    'Memax says: rate_limited: Too many requests. (429).',
    'Wait a little and try again.',
  ],
  ['500', { kind: 'status', status: 500, message: 'No.' }, 'unreachable', 'Memax says: internal: No. (500).', TRY_LATER],
  ['503', { kind: 'status', status: 503, message: 'No.' }, 'unreachable', 'Memax says: unavailable: No. (503).', TRY_LATER],
  ['500 with a web page', { kind: 'status', status: 500, body: `<html>${MARK}</html>` }, 'unreachable', 'Memax answered 500.', TRY_LATER],
  ['an error of wrong types', { kind: 'status', status: 500, body: { error: { code: 7, message: [MARK] } } }, 'unreachable', 'Memax answered 500.', TRY_LATER],
  [
    'an error with an escape sequence',
    { kind: 'status', status: 500, code: 'in\u001b[31mternal', message: 'No\u0007\n\u202eluck' },
    'unreachable',
    'Memax says: internal: No luck (500).',
    TRY_LATER,
  ],
  [
    'an error that repeats a key',
    { kind: 'status', status: 500, message: `Bad key mxk_${'ab'.repeat(32)}` },
    'unreachable',
    'Memax says: internal: Bad key [secret] (500).',
    TRY_LATER,
  ],
  ['300', { kind: 'status', status: 300, body: {} }, 'unexpected-answer', 'Memax answered 300.', 'Check the API address.'],
];

const asJson = (text: string): unknown => JSON.parse(text);

let key = '';
beforeAll(async () => {
  key = (await newKey(realm())).key;
});

async function worldWithKey(wishes: Partial<WorldWishes> = {}): Promise<World> {
  return makeWorld({ realm: realm(), env: { MEMAX_API_KEY: key }, ...wishes });
}

/** The whole error object that `--json` prints. */
const errorOf = (code: FailureCode, detail: unknown, hint: unknown): unknown => ({
  error: { code, message: FAILURES[code].title, detail, hint, retry: FAILURES[code].retry },
});

describe.each(COMMANDS)('%j', (words, route, what) => {
  /** What the command tells in both forms, each after the same trouble. */
  const told = async (world: World, arrange: () => void): Promise<unknown> => {
    arrange();
    const json = await world.run(...words, '--json');
    realm().faults.clear();
    arrange();
    const text = await world.run(...words, '--quiet', '--debug');
    const said = text.stderr.split('\n').filter((line) => !line.startsWith('debug: '));
    return {
      json: [json.exit, asJson(json.stdout), json.stderr],
      text: [text.exit, text.stdout, said[0]],
      shown: json.stdout + text.stderr,
    };
  };
  const tellingOf = (code: FailureCode, detail: unknown, hint: unknown): unknown => ({
    json: [FAILURES[code].exit, errorOf(code, detail, hint), ''],
    text: [FAILURES[code].exit, '', `error[${code}]: ${FAILURES[code].title}`],
    shown: expect.not.stringContaining(MARK) as string,
  });

  /** Where nobody knows whether a key was made, that is said beside the rest. */
  const perhapsMade = (hint: string): string =>
    route === 'keys.create' ? `${hint} If the request got through, a key may have been made; look for it with: keywright auth list-keys` : hint;

  it.each(SERVER_FAULTS)('says what the server says: %s', async (_title, fault, code, said, hint) => {
    expect(await told(await worldWithKey(), () => realm().faults.next(route, fault, { times: 3 }))).toEqual(
      tellingOf(code, `Could not ${what}. ${said}`, code === 'unreachable' ? perhapsMade(hint) : hint),
    );
  });

  it('says that the credential is refused', async () => {
    expect(await told(await worldWithKey(), () => realm().faults.next(route, { kind: 'status', status: 401, message: 'No.' }))).toEqual(
      tellingOf(
        'session-ended',
        'Memax does not accept the key in MEMAX_API_KEY (it says: unauthorized: No.).',
        'Set MEMAX_API_KEY to a valid key, or unset it and run: keywright login memax',
      ),
    );
    expect(realm().stats.count(route)).toBe(2);
  });

  it.each([
    ['a web page', { kind: 'html' }, 'answered 200 with something that is not JSON (text/html; charset=utf-8).'],
    ['half a JSON body', { kind: 'half-json', how: 'broken' }, 'answered 200 with something that is not JSON (application/json).'],
  ] as const)('says that it is no API that answers with %s', async (_title, fault, said) => {
    expect(await told(await worldWithKey(), () => realm().faults.next(route, fault))).toEqual(
      tellingOf('unexpected-answer', `Could not ${what}: ${realm().origin} ${said}`, JSON_EXPECTED),
    );
  });

  it('says that a reply was cut off', async () => {
    const host = new URL(realm().origin).host;
    expect(await told(await worldWithKey(), () => realm().faults.next(route, { kind: 'half-json', how: 'cut' }, { times: 3 }))).toEqual(
      tellingOf('unexpected-answer', `The reply of ${host} was cut off before its end.`, 'Try again.'),
    );
  });

  it('says that nothing answers', async () => {
    expect(await told(await worldWithKey({ env: { MEMAX_API_KEY: `mxk_${'d'.repeat(64)}`, MEMAX_API_URL: 'http://127.0.0.1:9' } }), () => undefined)).toEqual(
      tellingOf(
        'unreachable',
        '127.0.0.1:9: nothing accepts connections there (ECONNREFUSED).',
        perhapsMade('Check the network, the proxy variables (HTTPS_PROXY, NO_PROXY) and the API URL.'),
      ),
    );
  });

  it('says that the server is too slow', async () => {
    const path = route === 'me' ? '/v1/auth/me' : '/v1/auth/api-keys';
    const host = new URL(realm().origin).host;
    const world = await worldWithKey();
    world.patience.set(path, 150).set(`${path}/key_1`, 150);
    expect(await told(world, () => realm().faults.next(route, { kind: 'slow', ms: 2_000 }))).toEqual(
      tellingOf('timed-out', `${host} did not answer within 150 ms.`, perhapsMade('Check the network, then try again.')),
    );
  });

  it('never follows a redirect to another host', async () => {
    let visits = 0;
    const trap = createServer((_request, response) => {
      visits += 1;
      response.end('{}');
    });
    await new Promise<void>((resolve) => void trap.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void trap.close());
    const { port } = trap.address() as AddressInfo;
    expect(
      await told(await worldWithKey(), () => realm().faults.next(route, { kind: 'redirect', to: `http://127.0.0.1:${port}/v1/auth/me`, status: 307 })),
    ).toEqual(
      tellingOf(
        'unexpected-answer',
        `${new URL(realm().origin).host} redirected to http://127.0.0.1:${port}; nothing was sent there.`,
        'If the API has moved, give its new address as the API URL and sign in there.',
      ),
    );
    expect(visits).toBe(0);
  });

  it.each([[[]], [{}], [{ data: 7 }], [{ data: { user: MARK, id: [MARK], revoked: MARK } }], ['text'], [null], [7]])(
    'says that %j does not fit, and shows nothing of it',
    async (body) => {
      expect(await told(await worldWithKey(), () => realm().faults.next(route, { kind: 'wrong-type', body }))).toEqual(
        tellingOf(
          'unexpected-answer',
          expect.stringMatching(
            /^The answer to "[a-z A-Z]+" does not fit: (field "data[a-z.]*" is missing or of the wrong kind|it is not the object that was expected)\.$/,
          ),
          perhapsMade(
            'The provider may have changed its API, or the address leads to something else. Check the API address; a newer keywright may know the change.',
          ),
        ),
      );
    },
  );

  it('says that a reply is far too long', async () => {
    const most = route === 'keys.list' ? 64 * 1024 * 1024 : 1_000_000;
    const megabytes = route === 'keys.list' ? 65 : 2;
    const world = await worldWithKey();
    realm().faults.next(route, { kind: 'huge', megabytes });
    const { exit, stdout } = await world.run(...words, '--json');
    expect([exit, asJson(stdout)]).toEqual([
      8,
      errorOf(
        'unexpected-answer',
        `The reply of ${new URL(realm().origin).host} is longer than ${most} bytes.`,
        'Check the API URL, or ask for a smaller page.',
      ),
    ]);
  });

  it('says that an answer may be lost, after as many tries as are safe', async () => {
    const world = await worldWithKey();
    realm().faults.next(route, { kind: 'drop-before' }, { times: 3 });
    expect((await world.run(...words)).exit).toBe(7);
    expect(realm().stats.count(route)).toBe(route === 'keys.create' ? 1 : 3);
  });

  it('gets through when the second try works', async () => {
    const world = await worldWithKey();
    realm().faults.next(route, { kind: 'status', status: 503 });
    realm().faults.next(route, { kind: 'drop-before' });
    expect((await world.run(...words)).exit).toBe(route === 'keys.create' ? 7 : 0);
  });

  it('ends at Ctrl-C while the server is slow', async () => {
    const world = await worldWithKey();
    realm().faults.next(route, { kind: 'slow', ms: 1_000 });
    const running = world.start(...words, '--json');
    while (realm().stats.count(route) === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    running.interrupt();
    const { exit, stdout } = await running.ended;
    // What changes something at the provider is waited for, so that its answer is not lost.
    const cut = route === 'me' || route === 'keys.list';
    expect([exit, stdout.includes('"cancelled"')]).toEqual(cut ? [130, true] : [0, false]);
  });

  it.each([['--provider', 'nobody'], ['--account', '-'], ['--nonsense'], ['--json=yes'], ['--provider']])(
    'refuses %j %j before anything is sent',
    async (...more) => {
      const world = await worldWithKey();
      const result = await world.run(...words, '--json', ...more.filter((word) => word !== undefined));
      expect([result.exit, result.stderr, world.sent]).toEqual([2, '', []]);
      expect(asJson(result.stdout)).toEqual(errorOf('usage', expect.any(String), expect.any(String)));
    },
  );
});

describe('404', () => {
  it('is "not found" where something was looked for', async () => {
    const world = await worldWithKey();
    realm().faults.next('me', { kind: 'status', status: 404, message: 'No.' });
    expect(asJson((await world.run('whoami', '--json')).stdout)).toEqual(
      errorOf('not-found', 'Could not ask who you are. Memax says: not_found: No. (404).', 'Check the id, and that the API address leads to the right place.'),
    );
  });
});

describe('a command that does not exist', () => {
  it.each([
    [['logn'], 'There is no command "logn".', 'Did you mean: keywright login'],
    [['list-keys'], 'There is no command "list-keys".', 'Did you mean: keywright auth list-keys'],
    [['auth', 'list-key'], 'There is no command "auth list-key".', 'Did you mean: keywright auth list-keys'],
    [['auth', 'crate-key', 'x'], 'There is no command "auth crate-key".', 'Did you mean: keywright auth create-key'],
    [['xyzzy'], 'There is no command "xyzzy".', 'See: keywright --help'],
    [['\u001b[31mred'], 'There is no command "red".', 'See: keywright --help'],
    [
      ['--provider', 'memax', 'whoami'],
      '"--provider" comes before a command was named.',
      'Write the command first: keywright <command> [flags]. See: keywright --help',
    ],
  ])('%j', async (words, detail, hint) => {
    const world = await makeWorld();
    const { exit, stdout, stderr } = await world.run(...words, '--json');
    expect([exit, asJson(stdout), stderr]).toEqual([2, errorOf('usage', detail, hint), '']);
    const text = await world.run(...words);
    expect(text).toEqual({ exit: 2, stdout: '', stderr: `error[usage]: The command was not understood\n  ${detail}\nhint: ${hint}\n` });
  });
});

describe('what is ours to answer for', () => {
  it('is a bug with a place and no message, for a message may hold anything', async () => {
    const world = await makeWorld({ realm: realm(), store: (memory) => ({ ...memory, probe: () => Promise.reject(new TypeError(`${MARK}\n${MARK}`)) }) });
    const result = await world.run('login', 'memax', '--json');
    expect(result.exit).toBe(1);
    expect(asJson(result.stdout)).toEqual(
      errorOf(
        'bug',
        expect.stringMatching(/^An unforeseen TypeError in .+\.$/),
        'Please report it with the command that you ran, without its secrets. With --debug more is told.',
      ),
    );
    const debug = await world.run('login', 'memax', '--debug');
    expect(result.stdout + debug.stderr).not.toContain(MARK);
    expect(debug.stderr).toMatch(/^debug: +at /m);
  });
});

it.each([[['--json']], [['auth', '--json']]])('a group with a flag for results (%j) is no command, and says so as JSON', async (words) => {
  const result = await (await makeWorld()).run(...words);
  expect([result.exit, asJson(result.stdout), result.stderr]).toMatchObject([2, { error: { code: 'usage' } }, '']);
});
