import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { HttpReply, HttpRequest } from '../../src/model/http.ts';
import { sharedBackend } from '../support/shared-backend.ts';
import { newKey, signedIn } from '../support/signed-in.ts';
import { makeWorld, type World, type WorldWishes } from '../support/world.ts';

const realm = sharedBackend();
const bound = sharedBackend({ dpop: 'on' });

const KEY = `mxk_${'5ec7e7'.repeat(10)}5ec7`;
const AGNTIX_KEY = `pk_live_${'5ec7e7'.repeat(6)}`;
const PAT = `reminix_pat_${'5ec7e7'.repeat(6)}`;

const reply = (body: unknown, status = 200, headers: HttpReply['headers'] = {}): HttpReply => ({
  status,
  headers,
  body: typeof body === 'string' ? body : JSON.stringify(body),
});

/** Somebody with a key at a memax that answers as it is told. */
const at = (elsewhere: (request: HttpRequest) => HttpReply, more: WorldWishes = {}): Promise<World> =>
  makeWorld({ elsewhere, ...more, env: { MEMAX_API_KEY: KEY, ...more.env } });

/** What the one request was, but for the credential. */
function sentBy(world: World): Readonly<Record<string, unknown>> {
  const [request, ...others] = world.sent;
  expect(others).toEqual([]);
  const { authorization, ...headers } = request?.headers ?? {};
  expect(authorization).toBe(`Bearer ${KEY}`);
  return { method: request?.method, url: request?.url, headers, body: request?.body };
}

describe('api, at the local backend', () => {
  it('asks with the session of a sign-in, and prints the body as it came', async () => {
    const world = await signedIn({ realm: realm() });
    const { exit, stdout, stderr } = await world.run('api', 'get', '/v1/auth/me');
    expect([exit, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout)).toMatchObject({ data: { user: { email: world.email } } });
  });

  it('refreshes a session that is about to end, and once more after a 401, and then plays the request once more', async () => {
    const world = await signedIn({ realm: realm() });
    realm().advanceClock(3_600_000);
    world.clock.advance(3_600_000);
    expect((await world.run('api', 'GET', 'v1/auth/me')).exit).toBe(0);
    expect([realm().stats.count('token.refresh'), realm().stats.count('me')]).toEqual([1, 1]);
    realm().faults.next('me', { kind: 'status', status: 401 });
    expect((await world.run('api', 'GET', 'v1/auth/me')).exit).toBe(0);
    expect([realm().stats.count('token.refresh'), realm().stats.count('me')]).toEqual([2, 3]);
  });

  it('proves the key of a bound session', async () => {
    const world = await makeWorld({ realm: bound() });
    expect((await world.run('login', 'memax', '--dpop')).exit).toBe(0);
    const { exit, stdout } = await world.run('api', 'get', '/v1/auth/me');
    expect([exit, stdout.includes(world.email)]).toEqual([0, true]);
    expect(world.sent.at(-1)?.headers).toMatchObject({ dpop: expect.any(String) });
  });

  it('changes things, and takes an answer without a body', async () => {
    const own = await newKey(realm());
    const world = await makeWorld({ realm: realm(), env: { MEMAX_API_KEY: own.key } });
    expect(await world.run('api', 'delete', `/v1/auth/api-keys/${own.id}`)).toMatchObject({ exit: 0, stderr: '' });
    expect((await world.run('whoami')).exit).toBe(4);
  });

  it('prints the body of an error, and then says what it is', async () => {
    const world = await signedIn({ realm: realm() });
    const result = await world.run('api', 'get', '/v1/nothing');
    expect(result.exit).toBe(3);
    expect(JSON.parse(result.stdout)).toMatchObject({ error: { code: expect.any(String) } });
    expect(result.stderr).toMatch(/^error\[not-found\]: There is no such thing\n {2}Could not call GET \/v1\/nothing\. Memax says: /);
    realm().faults.next('me', { kind: 'rate-limit', retryAfter: 120 }, { times: 3 });
    expect(await world.run('api', 'get', '/v1/auth/me')).toMatchObject({ exit: 7, stderr: expect.stringContaining('Try again in 120 s.') });
  });

  it('says of a refused key where it came from', async () => {
    const world = await makeWorld({ realm: realm(), env: { MEMAX_API_KEY: KEY } });
    const result = await world.run('api', 'get', '/v1/auth/me');
    expect([result.exit, JSON.parse(result.stdout).error.code]).toEqual([4, 'unauthorized']);
    expect(result.stderr).toContain('error[session-ended]');
  });

  it('follows a redirect below the origin, and none to another', async () => {
    const world = await signedIn({ realm: realm() });
    realm().faults.next('me', { kind: 'redirect', to: '/v1/auth/me' });
    expect((await world.run('api', 'get', '/v1/auth/me')).exit).toBe(0);
    realm().faults.next('me', { kind: 'redirect', to: 'https://other.test/' });
    expect(await world.run('api', 'get', '/v1/auth/me')).toMatchObject({ exit: 8, stdout: '', stderr: expect.stringContaining('nothing was sent there') });
    expect(world.sent.every((request) => request.url.startsWith(realm().origin))).toBe(true);
  });

  it('takes a body of some megabytes', async () => {
    const world = await signedIn({ realm: realm() });
    realm().faults.next('me', { kind: 'huge', megabytes: 8 });
    const { exit, stdout } = await world.run('api', 'get', '/v1/auth/me');
    expect([exit, stdout.length > 8 * 1024 * 1024]).toEqual([0, true]);
  });
});

describe('what api sends', () => {
  it.each([
    [['get', '/v1/x'], { method: 'GET', url: 'https://api.memax.app/v1/x', headers: {}, body: undefined }],
    [['GeT', 'v1/x', '-f', 'a=1', '-f', 'b=x y'], { method: 'GET', url: 'https://api.memax.app/v1/x?a=1&b=x+y', headers: {}, body: undefined }],
    [['delete', '/v1/x?c=3', '--field', 'a=1'], { method: 'DELETE', url: 'https://api.memax.app/v1/x?c=3&a=1', headers: {}, body: undefined }],
    [['post', '/v1/x'], { method: 'POST', url: 'https://api.memax.app/v1/x', headers: {}, body: undefined }],
    [['head', 'https://api.memax.app/v1/x'], { method: 'HEAD', url: 'https://api.memax.app/v1/x', headers: {}, body: undefined }],
    [
      ['post', '/v1/x', '-f', 'a=1', '-fb=true', '--field=c[d][]=null', '-F', 'e=5', '--file-field', 'f='],
      {
        method: 'POST',
        url: 'https://api.memax.app/v1/x',
        headers: { 'content-type': 'application/json' },
        body: '{"a":1,"b":true,"c":{"d":[null]},"e":"5","f":""}',
      },
    ],
  ])('%j', async (words, request) => {
    const world = await at(() => reply('{}'));
    expect((await world.run('api', ...words)).exit).toBe(0);
    expect(sentBy(world)).toEqual(request);
  });

  it('puts texts of files and of standard input into fields', async () => {
    const world = await at(() => reply('{}'), { stdin: 'from the pipe\n' });
    const file = join(world.dir, 'note.txt');
    await writeFile(file, 'from a file: caf\u00e9\n');
    expect((await world.run('api', 'put', '/v1/x', '-F', `a=@${file}`, '-F', 'b=@-')).exit).toBe(0);
    expect(sentBy(world)['body']).toBe('{"a":"from a file: caf\u00e9\\n","b":"from the pipe\\n"}');
  });

  it.each([
    ['{ "n": 12345678901234567890 }\n', 'application/json'],
    ['a,b\n1,2\n', 'text/plain; charset=utf-8'],
  ])('sends %j from standard input or a file as it is', async (stdin, type) => {
    const world = await at(() => reply('{}'), { stdin });
    const file = join(world.dir, 'body');
    await writeFile(file, stdin);
    for (const place of ['-', file]) {
      expect((await world.run('api', 'patch', '/v1/x', '--input', place)).exit).toBe(0);
      expect(sentBy(world)).toMatchObject({ method: 'PATCH', headers: { 'content-type': type }, body: stdin });
    }
  });

  it('names the project where the credential works for several', async () => {
    const world = await makeWorld({ env: { REMINIX_API_KEY: PAT }, elsewhere: () => reply('{}') });
    expect(await world.run('api', 'get', '/v1/x')).toMatchObject({ exit: 2, stderr: expect.stringContaining('no project was named') });
    expect(world.sent).toEqual([]);
    expect((await world.run('api', 'get', '/v1/x', '--project', 'proj_one')).exit).toBe(0);
    expect(world.sent[0]?.headers).toEqual({ authorization: `Bearer ${PAT}`, 'x-project': 'proj_one' });
  });

  it('takes the header that the kind of the credential wants', async () => {
    const world = await makeWorld({ env: { AGNTIX_API_KEY: AGNTIX_KEY }, elsewhere: () => reply('{}') });
    expect((await world.run('api', 'get', '/v1/x')).exit).toBe(0);
    expect(world.sent[0]?.headers).toEqual({ 'x-api-key': AGNTIX_KEY });
  });
});

describe('what api does not send', () => {
  it.each([
    'https://other.test/v1/x',
    'https://person:5ec7e75ec7e75ec7@api.memax.app/',
    '//other.test/x',
    '\\\\other.test\\x',
    '/v1/../../x',
    '/v1/%2e%2e/x',
    '/v1\r\nx-a: b',
    'http://api.memax.app/v1/x',
  ])('%j is refused before any request, and shows no credential', async (path) => {
    const world = await at(() => reply('{}'));
    const result = await world.run('api', 'post', path, '--debug');
    expect([result.exit, result.stdout, world.sent]).toEqual([5, '', []]);
    expect(result.stderr).toMatch(/^error\[refused\]: This was refused\n {2}Nothing was sent: /m);
    expect(result.stderr).not.toContain('5ec7e7');
  });

  it.each([
    [['trace', '/x'], '"trace" is no method that can be sent.'],
    [['get', '/x', '--input', '-'], 'GET sends no body.'],
    [['post', '/x', '--input', '-', '-f', 'a=1'], '--input is the whole body'],
    [['post', '/x', '-F', 'a=@-', '-F', 'b=@-'], 'Standard input can be read once, and both --file-field a and --file-field b ask for it.'],
    [['post', '/x', '-F', 'a=@/nowhere/at/all'], 'What --file-field a names is no file that can be read'],
    [['post', '/x', '--input', '/'], 'What --input names is no file that can be read'],
    [['post', '/x', '-f', 'a'], '--field takes a name, an equals sign and a value.'],
    [['post', '/x', '-f', 'a=1', '-f', 'a=2'], 'The field "a" is given twice.'],
    [['post', '/x', '--paginate'], '--paginate is for GET.'],
    [['get', '/x', '--paginate', '--include'], '--paginate and --include exclude each other.'],
    [['get', '/x', '--paginate'], 'Nothing is known of how Memax cuts lists into pages.'],
    [['get'], "Missing required argument 'path'."],
  ])('%j is usage', async (words, detail) => {
    const world = await at(() => reply('{}'), { stdin: 'x' });
    const result = await world.run('api', ...words);
    expect([result.exit, result.stdout, world.sent]).toEqual([2, '', []]);
    expect(result.stderr).toContain(detail);
  });

  it('sends nothing that is no text, and reads no keyboard', async () => {
    const bytes = await at(() => reply('{}'));
    const file = join(bytes.dir, 'bytes');
    await writeFile(file, Buffer.from([0x61, 0xff, 0x62]));
    expect(await bytes.run('api', 'post', '/x', '--input', file)).toMatchObject({ exit: 2, stderr: expect.stringContaining('no text in UTF-8') });
    const keyboard = await at(() => reply('{}'), { terminal: true });
    expect(await keyboard.run('api', 'post', '/x', '--input', '-')).toMatchObject({ exit: 2, stderr: expect.stringContaining('nothing is piped in') });
    expect([...bytes.sent, ...keyboard.sent]).toEqual([]);
  });
});

describe('what api prints', () => {
  const BODY = '{"a":"x\\u001b[31m\u009b31m\u202e","n":12345678901234567890}';

  it('JSON indented in a terminal, with nothing that a terminal obeys, and as it came in a pipe', async () => {
    expect((await (await at(() => reply(BODY))).run('api', 'get', '/x')).stdout).toBe(BODY);
    expect((await (await at(() => reply(BODY), { terminal: true })).run('api', 'get', '/x')).stdout).toBe(
      '{\n  "a": "x\\u001b[31m\\u009b31m\\u202e",\n  "n": 12345678901234567890\n}\n',
    );
  });

  it('other text line by line', async () => {
    const body = 'one\r\n\ttwo \u001b[31mred\u001b[0m\u0007\u001b]0;title\u0007\nthree\u202e';
    expect((await (await at(() => reply(body))).run('api', 'get', '/x')).stdout).toBe(body);
    expect((await (await at(() => reply(body), { terminal: true })).run('api', 'get', '/x')).stdout).toBe('one\n\ttwo red \nthree\n');
  });

  it('nothing for an empty body', async () => {
    const world = await at(() => reply('', 204), { terminal: true });
    expect(await world.run('api', 'delete', '/x')).toEqual({ exit: 0, stdout: '', stderr: '' });
    expect(await world.run('api', 'delete', '/x', '--json')).toMatchObject({ exit: 0, stdout: '{\n  "status": 204,\n  "headers": {},\n  "body": null\n}\n' });
  });

  it('status and headers with --include, cookies and the credential hidden', async () => {
    const headers = { 'content-type': 'text/plain', 'set-cookie': 'session=s3cr3t; HttpOnly', 'x-echo': `Bearer ${KEY}`, 'x-odd': 'a\u001b[31mb' };
    const world = await at(() => reply('done', 201, headers));
    expect((await world.run('api', 'post', '/x', '--include')).stdout).toBe(
      'HTTP 201\ncontent-type: text/plain\nset-cookie: [secret]\nx-echo: Bearer [secret]\nx-odd: ab\n\ndone',
    );
    expect(JSON.parse((await world.run('api', 'post', '/x', '--json')).stdout)).toEqual({
      status: 201,
      headers: { ...headers, 'set-cookie': '[secret]', 'x-echo': 'Bearer [secret]' },
      body: 'done',
    });
  });

  it('keeps the names of the body with --json', async () => {
    const world = await at(() => reply({ camelCase: { Inner: 1 } }));
    expect((await world.run('api', 'get', '/x', '--json')).stdout).toBe('{"status":200,"headers":{},"body":{"camelCase":{"Inner":1}}}\n');
  });

  it.each([
    [200, 0],
    [418, 5],
    [401, 4],
    [503, 7],
  ])('never the credential, whatever repeats it (%i)', async (status, exit) => {
    const echo = `{"error":{"code":"e","message":"you sent ${KEY}"},"again":"\\u006d${KEY.slice(1)}"}`;
    const world = await at(() => reply(echo, status, { 'www-authenticate': `Bearer ${KEY}` }));
    for (const more of [[], ['--include'], ['--json'], ['--debug']]) {
      const result = await world.run('api', 'get', `/x?k=1`, ...more);
      expect([result.exit, JSON.parse((/^\{.*\}$/m.exec(result.stdout) ?? ['null'])[0])]).toEqual([exit, expect.anything()]);
      expect(result.stdout + result.stderr).not.toContain(KEY);
      expect(result.stdout).not.toContain(`u006d${KEY.slice(1)}`);
      expect(result.stdout).toContain('you sent [secret]');
    }
  });

  it('the failure with what the server said, as JSON', async () => {
    const world = await at(() => reply({ error: { code: 'tea', message: 'no coffee' } }, 418, { 'x-a': 'b' }));
    const { exit, stdout, stderr } = await world.run('api', 'get', '/x', '--json');
    expect([exit, stderr]).toEqual([5, '']);
    expect(JSON.parse(stdout)).toEqual({
      error: {
        code: 'refused',
        message: 'This was refused',
        detail: 'Could not call GET /x. Memax says: tea: no coffee (418).',
        hint: 'Correct what the provider names, and try again.',
        retry: false,
        status: 418,
        headers: { 'x-a': 'b' },
        body: { error: { code: 'tea', message: 'no coffee' } },
      },
    });
  });
});

describe('api --paginate', () => {
  const pages = (request: HttpRequest): HttpReply => {
    const url = new URL(request.url);
    const page = Number(url.searchParams.get('page'));
    if (url.searchParams.get('fail') === String(page)) return reply({ error: { code: 'down', message: `not ${AGNTIX_KEY}` } }, 500);
    return reply({ data: [{ itemId: page * 10 }, { itemId: page * 10 + 1, echo: AGNTIX_KEY }], pagination: { page, limit: 100, total: 6, totalPages: 3 } });
  };
  const agntix = (elsewhere = pages, terminal = false): Promise<World> => makeWorld({ env: { AGNTIX_API_KEY: AGNTIX_KEY }, elsewhere, terminal });

  it('prints each page as one line, in order, without the credential', async () => {
    const world = await agntix();
    const { exit, stdout, stderr } = await world.run('api', 'get', '/v1/chat/agents?state=on', '--paginate', '-f', 'q=1');
    expect([exit, stderr]).toEqual([0, '']);
    expect(stdout.split('\n').map((line) => (line === '' ? null : JSON.parse(line).data))).toEqual([
      ...[1, 2, 3].map((page) => [{ itemId: page * 10 }, { itemId: page * 10 + 1, echo: '[secret]' }]),
      null,
    ]);
    expect(world.sent.map(({ url }) => url)).toEqual([1, 2, 3].map((page) => `https://api.agntix.ai/v1/chat/agents?state=on&q=1&page=${page}&limit=100`));
  });

  it('gives the elements of all pages with --json', async () => {
    const world = await agntix();
    const { stdout } = await world.run('api', 'get', '/v1/chat/agents', '--paginate', '--json');
    expect(JSON.parse(stdout).map((item: { readonly itemId: number }) => item.itemId)).toEqual([10, 11, 20, 21, 30, 31]);
  });

  it('gives a page without a list as it is', async () => {
    const world = await agntix(() => reply({ oneThing: 1, pagination: { totalPages: 1 } }));
    expect((await world.run('api', 'get', '/x', '--paginate', '--json')).stdout).toBe('[{"oneThing":1,"pagination":{"totalPages":1}}]\n');
  });

  it('keeps the pages that came before one that does not', async () => {
    const world = await agntix();
    const result = await world.run('api', 'get', '/v1/chat/agents?fail=3', '--paginate');
    expect(result.exit).toBe(7);
    expect(result.stdout.trim().split('\n')).toHaveLength(2);
    expect(result.stderr).toContain('Agntix says: down: not [secret] (500).');
    const { error } = JSON.parse((await world.run('api', 'get', '/v1/chat/agents?fail=2', '--paginate', '--json')).stdout);
    expect([error.code, error.items.length]).toEqual(['unreachable', 2]);
    expect(await world.run('api', 'get', '/v1/chat/agents?fail=1', '--paginate')).toMatchObject({ exit: 7, stdout: '' });
  });

  it('leaves the counting to us', async () => {
    const world = await agntix();
    expect(await world.run('api', 'get', '/v1/x?page=2', '--paginate')).toMatchObject({
      exit: 2,
      stderr: expect.stringContaining('--paginate counts "page" by itself.'),
    });
    expect(await world.run('api', 'get', '/v1/x', '-f', 'limit=5', '--paginate')).toMatchObject({ exit: 2, stderr: expect.stringContaining('"limit"') });
    expect(world.sent).toEqual([]);
  });

  it('says nothing to a terminal that it obeys', async () => {
    const world = await agntix(() => reply({ data: ['\u001b[31m\u009b'], pagination: { totalPages: 1 } }), true);
    expect((await world.run('api', 'get', '/x', '--paginate')).stdout).toBe('{"data":["\\u001b[31m\\u009b"],"pagination":{"totalPages":1}}\n');
  });
});

describe('api in a folder that leads elsewhere', () => {
  async function inBoundFolder(terminal: boolean, answers: readonly string[] = []): Promise<World> {
    const world = await signedIn({ realm: realm(), terminal, answers });
    expect((await world.run('login', 'memax', '--quiet', '--browser', '--account', 'work')).exit).toBe(0);
    await writeFile(join(world.cwd, '.keywright.json'), '{"provider":"memax","account":"work"}', { mode: 0o600 });
    return world;
  }

  it('asks before anything is changed', async () => {
    const world = await inBoundFolder(true, ['no', 'yes']);
    expect((await world.run('api', 'get', '/v1/auth/me')).exit).toBe(0);
    expect(await world.run('api', 'post', '/v1/auth/api-keys', '-f', 'name=x')).toMatchObject({ exit: 130, stdout: '' });
    expect(world.sent).toEqual([]);
    expect((await world.run('api', 'delete', '/v1/auth/api-keys/none')).exit).toBe(0);
    expect(world.keyboard.asked.map(({ question }) => question.replace(/ with .*/, ''))).toEqual([
      'Do you want to send a POST request',
      'Do you want to send a DELETE request',
    ]);
  });

  it.each(['post', 'patch', 'put', 'delete'])('does not %s where nobody can be asked', async (method) => {
    const world = await inBoundFolder(false);
    expect(await world.run('api', method, '/v1/auth/api-keys')).toMatchObject({ exit: 2, stdout: '' });
    expect(world.sent).toEqual([]);
  });
});
