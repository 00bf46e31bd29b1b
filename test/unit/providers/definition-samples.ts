/** Sound definitions and broken ones, for everything that reads the format. */

const key = { prefix: 'acme_', alphabet: 'hex', length: 40 };
const create = {
  path: '/v1/keys',
  body: { name: '{name}' },
  reply: { id: 'id', key: 'key' },
  takes: {},
};
const list = { path: '/v1/keys', items: 'data', fields: { id: 'id' } };
export const least = { id: 'acme', name: 'Acme', base_url: 'https://api.acme.example', key, keys: {} };
const fixed = { kind: 'fixed', client_id: 'cli' };
const issuer = { kind: 'issuer', issuer: 'https://id.acme.example/t' };
const endpoints = { kind: 'endpoints', authorization: 'https://id.acme.example/authorize?x=y', token: 'https://id.acme.example/token' };

type Sample = Readonly<Record<string, unknown>>;

const withKeys = (keys: unknown): Sample => ({ ...least, keys });
const withCreate = (more: Sample): Sample => withKeys({ create: { ...create, ...more } });
const withOAuth = (oauth: unknown): Sample => ({ ...least, oauth });

/** What everybody accepts. */
export const SOUND: ReadonlyArray<readonly [title: string, sample: unknown]> = [
  ['the least that there can be', least],
  ['a schema for editors', { ...least, $schema: './provider.json' }],
  ['http to this machine', { ...least, base_url: 'http://127.0.0.1:8080/api' }],
  ['http to this machine by name', { ...least, base_url: 'http://localhost' }],
  ['http to this machine by IPv6', { ...least, base_url: 'http://[::1]:8080' }],
  ['a slash at the end', { ...least, base_url: 'https://api.acme.example/v1/' }],
  ['a name in another script', { ...least, name: '\u00c4cme \u65e5\u672c' }],
  ['a span of lengths', { ...least, key: { ...key, length: { min: 20, max: 40 } } }],
  ['no prefix', { ...least, key: { ...key, prefix: '' } }],
  ['a header of its own', { ...least, header: { name: 'x-acme-key', scheme: null } }],
  ['nulls for what is not there', { ...least, identity: null, paging: null, oauth: null, keys: { dashboard: null, create: null, list: null, revoke: null } }],
  ['a key to make', withCreate({})],
  ['a nested body', withCreate({ body: { a: [{ b: '{name}' }, 1, true, null, 'text'], c: { d: 'x' } } })],
  ['a list without pages', withKeys({ list })],
  ['a list that is the reply', withKeys({ list: { ...list, items: '' } })],
  ['counted pages', withKeys({ list: { ...list, paging: { kind: 'numbers', page: 'page', size: 'limit', largest: 100, total_pages: 'meta.pages' } } })],
  ['a cursor', withKeys({ list: { ...list, paging: { kind: 'cursor', cursor: 'after', next: 'next' } } })],
  ['an id within a segment', withKeys({ revoke: { path: '/v1/keys/key-{id}/revoke', method: 'POST' } })],
  ['an issuer', withOAuth({ server: issuer, client: fixed })],
  ['a client that is registered', withOAuth({ server: issuer, client: { kind: 'register' } })],
  ['fixed endpoints', withOAuth({ server: endpoints, client: { ...fixed, port: 8765 }, scopes: ['a', 'b'], scope_separator: ',' })],
];

/** What the schema rejects, and the path at which. */
export const BROKEN: ReadonlyArray<readonly [title: string, sample: unknown, path: string]> = [
  ['no object', [], ''],
  ['nothing', null, ''],
  ['a field too many', { ...least, extra: 1 }, 'extra'],
  ['a field too few', { id: 'acme', name: 'Acme', base_url: 'https://api.acme.example', keys: {} }, 'key'],
  ['the id of ours', { ...least, id: 'keywright' }, 'id'],
  ['an id that begins like ours', { ...least, id: 'keywright-store' }, 'id'],
  ['an id that leads elsewhere', { ...least, id: '../acme' }, 'id'],
  ['an id in capitals', { ...least, id: 'Acme' }, 'id'],
  ['a name with an escape sequence', { ...least, name: 'A\u001b[31m' }, 'name'],
  ['a name that reorders what follows', { ...least, name: 'A\u202egpj' }, 'name'],
  ['a name beyond the basic plane', { ...least, name: 'A\u{1f600}' }, 'name'],
  ['plain http', { ...least, base_url: 'http://api.acme.example' }, 'base_url'],
  ['http to a name that looks like this machine', { ...least, base_url: 'http://127.0.0.1.evil.example' }, 'base_url'],
  ['file', { ...least, base_url: 'file:///etc/passwd' }, 'base_url'],
  ['javascript', { ...least, base_url: 'javascript:alert(1)' }, 'base_url'],
  ['a user name', { ...least, base_url: 'https://api.acme.example@evil.example' }, 'base_url'],
  ['a query', { ...least, base_url: 'https://api.acme.example/?a=b' }, 'base_url'],
  ['a fragment', { ...least, base_url: 'https://api.acme.example/#a' }, 'base_url'],
  ['an address that climbs', { ...least, base_url: 'https://api.acme.example/a/../b' }, 'base_url'],
  ['a backslash', { ...least, base_url: 'https://api.acme.example\\evil.example' }, 'base_url'],
  ['a line end', { ...least, base_url: 'https://api.acme.example\n' }, 'base_url'],
  ['letters of another script in a host', { ...least, base_url: 'https://\u0430pi.acme.example' }, 'base_url'],
  ['an alphabet that is a regular expression', { ...least, key: { ...key, alphabet: '[a-z]+' } }, 'key.alphabet'],
  ['a key that is too short', { ...least, key: { ...key, length: 4 } }, 'key.length'],
  ['half a key', { ...least, key: { ...key, length: 40.5 } }, 'key.length'],
  ['a span without an end', { ...least, key: { ...key, length: { min: 20 } } }, 'key.length'],
  ['a prefix with a space', { ...least, key: { ...key, prefix: 'a b' } }, 'key.prefix'],
  ...[
    'host',
    'content-length',
    'content-type',
    'cookie',
    'transfer-encoding',
    'connection',
    'proxy-authorization',
    'sec-fetch-mode',
    'X-Key',
    'x-key: a',
    'x-key\r\nhost',
    '',
  ].map((name) => [`the header ${JSON.stringify(name)}`, { ...least, header: { name, scheme: null } }, 'header.name'] as const),
  ['a scheme that is more than a word', { ...least, header: { name: 'authorization', scheme: 'Bearer x\r\nhost: evil' } }, 'header.scheme'],
  ...['/a/../b', '/..', '/a/.', '/a//b', '/%2e%2e/b', '/a/{id}', 'a', '//evil.example', '/a b', '/a#b', '/a\\b', 'https://evil.example/', ''].map(
    (path) => [`the path ${JSON.stringify(path)}`, { ...least, identity: { path, id: 'id' } }, 'identity.path'] as const,
  ),
  ...['__proto__', 'constructor', 'a.prototype.b', 'a..b', '.a', 'a b', '', 'a[0]', 'a.b.c.d.e.f.g.h.i'].map(
    (id) => [`the field ${JSON.stringify(id)}`, { ...least, identity: { path: '/me', id } }, 'identity.id'] as const,
  ),
  ...['/v1/keys', '/v1/keys/{id}/{id}', '/v1/keys/{id}/{name}', '/v1/{id}/../x', '/v1/keys/{id', 'v1/{id}', '/v1/keys?x={id}'].map(
    (path) => [`revoking at ${JSON.stringify(path)}`, withKeys({ revoke: { path } }), 'keys.revoke.path'] as const,
  ),
  ['an unknown word in a body', withCreate({ body: { name: '{name}', x: '{secret}' } }), 'keys.create.body.x'],
  ['a word within a text', withCreate({ body: { name: 'ci-{name}' } }), 'keys.create.body.name'],
  [
    'a name in a body that every object has',
    withCreate({ body: { name: '{name}', inner: JSON.parse('{"__proto__": {"x": 1}}') } }),
    'keys.create.body.inner.__proto__',
  ],
  ['a body that is a text', withCreate({ body: '{name}' }), 'keys.create.body'],
  ['a body with another method', withCreate({ method: 'GET' }), 'keys.create.method'],
  ['a name that every object has', { ...least, ...JSON.parse('{"constructor": {}}') }, 'constructor'],
  ['pages of an unknown kind', withKeys({ list: { ...list, paging: { kind: 'links' } } }), 'keys.list.paging.kind'],
  [
    'pages without an end',
    withKeys({ list: { ...list, paging: { kind: 'numbers', page: 'page', size: 'limit', largest: 100 } } }),
    'keys.list.paging.total_pages',
  ],
  ['a parameter that is two', withKeys({ list: { ...list, paging: { kind: 'cursor', cursor: 'a&b', next: 'n' } } }), 'keys.list.paging.cursor'],
  ['a server of no kind', withOAuth({ server: { issuer: 'https://id.acme.example' }, client: fixed }), 'oauth.server.kind'],
  ['an issuer with a query', withOAuth({ server: { kind: 'issuer', issuer: 'https://id.acme.example?x' }, client: fixed }), 'oauth.server.issuer'],
  [
    'an authorization address that is a file',
    withOAuth({ server: { ...endpoints, authorization: 'file:///bin/sh' }, client: fixed }),
    'oauth.server.authorization',
  ],
  [
    'an authorization address with a quote',
    withOAuth({ server: { ...endpoints, authorization: "https://id.acme.example/'$(x)" }, client: fixed }),
    'oauth.server.authorization',
  ],
  ['a token address over plain http', withOAuth({ server: { ...endpoints, token: 'http://id.acme.example/token' }, client: fixed }), 'oauth.server.token'],
  ['a client without an id', withOAuth({ server: issuer, client: { kind: 'fixed' } }), 'oauth.client.client_id'],
  ['a client id with a line end', withOAuth({ server: issuer, client: { kind: 'fixed', client_id: 'a\nb' } }), 'oauth.client.client_id'],
  ['a port of the system', withOAuth({ server: issuer, client: { ...fixed, port: 80 } }), 'oauth.client.port'],
  ['a scope of two words', withOAuth({ server: issuer, client: fixed, scopes: ['a b'] }), 'oauth.scopes.0'],
  ['another separator', withOAuth({ server: issuer, client: fixed, scope_separator: ';' }), 'oauth.scope_separator'],
];

/** What the schema cannot see and is wrong all the same. */
export const UNRULY: ReadonlyArray<readonly [title: string, sample: unknown, path: string]> = [
  ['an address that means this machine', { ...least, base_url: 'https://0x7f.1' }, 'base_url'],
  ['a port that there is not', { ...least, base_url: 'https://api.acme.example:99999' }, 'base_url'],
  ['the usual port', { ...least, base_url: 'https://api.acme.example:443' }, 'base_url'],
  ['an issuer that means this machine', withOAuth({ server: { kind: 'issuer', issuer: 'https://2130706433' }, client: fixed }), 'oauth.server.issuer'],
  ['a span upside down', { ...least, key: { ...key, length: { min: 40, max: 20 } } }, 'key.length'],
  ['a body without the name', withCreate({ body: { label: 'x' } }), 'keys.create.body'],
  ['scopes in the body that keys do not take', withCreate({ body: { name: '{name}', s: '{scopes}' } }), 'keys.create.takes.scopes'],
  ['scopes that go nowhere', withCreate({ takes: { scopes: [{ scope: 'a' }] } }), 'keys.create.body'],
  ['an expiry that goes nowhere', withCreate({ takes: { expiry: 'days' } }), 'keys.create.body'],
  ['an expiry that is not taken', withCreate({ body: { name: '{name}', e: '{expires_in_days}' } }), 'keys.create.body'],
  [
    'reading that is no scope',
    withCreate({ body: { name: '{name}', s: '{scopes}' }, takes: { scopes: [{ scope: 'a' }], read_only: ['b'] } }),
    'keys.create.takes.read_only',
  ],
  ['registration without metadata', withOAuth({ server: endpoints, client: { kind: 'register' } }), 'oauth.client'],
  ['a comma in a scope between commas', withOAuth({ server: issuer, client: fixed, scopes: ['a,b'], scope_separator: ',' }), 'oauth.scopes'],
];
