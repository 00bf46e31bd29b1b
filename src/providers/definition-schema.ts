import * as v from 'valibot';
import { PATTERNS } from './definition-patterns.ts';

/*
 * The format of a definition file, once: it reads the files, and `npm run schema` makes the JSON Schema for editors of it. What it
 * cannot say stands in definition-rules.ts. Descriptions are written for whoever writes a file.
 */

const text = (pattern: RegExp, must: string) => v.pipe(v.string(), v.regex(pattern, must));
const about = <Schema extends v.GenericSchema>(schema: Schema, words: string) => v.pipe(schema, v.description(words));
/** A field that may be left out or null. */
const maybe = <Schema extends v.GenericSchema>(schema: Schema, words: string) => v.optional(v.pipe(v.nullable(schema), v.description(words)), null);
const whole = (from: number, to: number) =>
  v.pipe(v.number(), v.integer('must be a whole number'), v.minValue(from, `must be at least ${from}`), v.maxValue(to, `must be at most ${to}`));

const address = text(
  PATTERNS.address,
  'must be an https address in lower case without user name, query or fragment, such as https://api.example.com (http only to this machine)',
);
const endpoint = text(PATTERNS.endpoint, 'must be an https address without user name or fragment (http only to this machine)');
const path = text(PATTERNS.path, 'must be a path such as /v1/keys: it begins with a slash and has no "..", "%", "{" or empty part');
const field = text(PATTERNS.field, 'must be names with dots between them, such as data.id');
const words = text(PATTERNS.words, 'must be up to 200 letters, digits and signs on one line');
const scope = text(PATTERNS.scope, 'must be a scope: one word without quotes or backslashes');
const parameter = text(PATTERNS.parameter, 'must be the name of a query parameter');

/** The value of a field of a request. */
export type Template = string | number | boolean | null | readonly Template[] | { readonly [name: string]: Template };

const templateValue: v.GenericSchema<Template> = v.lazy(() => template);
const templateObject = v.record(text(PATTERNS.name, 'must be a name of letters, digits, "_", "$" and "-"'), templateValue);
const template = v.union([
  text(PATTERNS.template, 'must be a text without braces, or exactly one of {name}, {scopes}, {expires_at}, {expires_in_days}, {expires_in_seconds}'),
  v.number(),
  v.boolean(),
  v.null(),
  v.array(templateValue),
  templateObject,
]);

const keyPattern = v.strictObject({
  prefix: about(
    text(PATTERNS.keyPrefix, 'must be up to 32 letters, digits or . _ ~ : + = / -'),
    'What every key begins with, such as acme_; empty where there is nothing',
  ),
  alphabet: about(v.picklist(['hex', 'base64url', 'alphanumeric']), 'The characters after the prefix: lower-case hex, base64url, or letters and digits'),
  length: about(
    v.union(
      [whole(8, 400), v.strictObject({ min: about(whole(8, 400), 'At least'), max: about(whole(8, 400), 'At most') })],
      'must be a number of characters from 8 to 400, or {"min", "max"} of such',
    ),
    'How many characters come after the prefix; a span where nobody says',
  ),
});

const header = v.strictObject({
  name: about(
    text(PATTERNS.header, 'must be the lower-case name of a header that may carry a credential, such as authorization or x-api-key'),
    'The header that carries a key, in lower case',
  ),
  scheme: about(v.nullable(v.picklist(['Bearer', 'Token'])), 'The word before the key; null where the key stands alone'),
});

const errors = v.strictObject({
  code: maybe(field, 'Where a failure has its code, such as error.code'),
  message: maybe(field, 'Where it has its words'),
  request_id: maybe(field, 'Where it has what the support of the provider asks for'),
});

const identity = v.strictObject({
  path: about(path, 'A GET that says whose a credential is; it also proves it'),
  id: about(field, 'Where the reply has the id of the person'),
  label: maybe(field, 'Where it has what a person recognises, such as an e-mail address'),
});

const keyFields = {
  id: about(field, 'Where the id of the key stands'),
  name: maybe(field, 'Where its name stands'),
  prefix: maybe(field, 'Where its first characters stand'),
  scopes: maybe(field, 'Where its scopes stand: a list, or a text with spaces or commas'),
  created_at: maybe(field, 'Where the time stands at which it was made'),
  expires_at: maybe(field, 'Where the time of its end stands'),
};

const takes = v.strictObject({
  name: v.optional(about(v.picklist(['required', 'optional']), 'Whether a key must have a name'), 'required'),
  longest_name: v.optional(about(whole(1, 500), 'Characters that a name may have'), 100),
  scopes: maybe(
    v.pipe(
      v.array(v.strictObject({ scope: about(scope, 'The scope'), allows: maybe(words, 'What it allows, in a few words') })),
      v.maxLength(200, 'must have at most 200 entries'),
    ),
    'The scopes that are known; others are passed on as they are. Null where keys have none',
  ),
  read_only: maybe(v.pipe(v.array(scope), v.maxLength(200, 'must have at most 200 entries')), 'The scopes of --read-only'),
  expiry: v.optional(about(v.picklist(['days', 'seconds', 'none']), 'How exactly the end of a key can be chosen; none where keys do not expire'), 'none'),
});

const create = v.strictObject({
  method: v.optional(about(v.picklist(['POST', 'PUT']), 'The method of the request'), 'POST'),
  path: about(path, 'The path below base_url'),
  body: about(
    templateObject,
    'The JSON body. "{name}", "{scopes}", "{expires_at}" (RFC 3339), "{expires_in_days}" and "{expires_in_seconds}" stand for values; a field whose value is not given is left out',
  ),
  reply: about(v.strictObject({ ...keyFields, key: about(field, 'Where the key itself stands') }), 'Where the reply has what'),
  takes: about(takes, 'What can be said when a key is made'),
});

const numbers = {
  kind: about(v.literal('numbers'), 'Pages are counted, and every page says how many there are'),
  page: about(parameter, 'The parameter that names the page, counted from 1'),
  size: about(parameter, 'The parameter that says how long a page is'),
  largest: about(whole(1, 10_000), 'The longest page that can be asked for'),
  total_pages: about(field, 'Where a page says how many pages there are'),
};
const cursor = {
  kind: about(v.literal('cursor'), 'Every page names the next one'),
  cursor: about(parameter, 'The parameter that takes the cursor'),
  size: maybe(parameter, 'The parameter that says how long a page is; null where the server decides'),
  largest: v.optional(about(whole(1, 10_000), 'The longest page that can be asked for'), 100),
  next: about(field, 'Where a page has the cursor of the next one'),
};
const items = about(
  text(PATTERNS.place, 'must be names with dots between them, or empty for the reply itself'),
  'Where a reply has the list; empty where it is the list',
);
const paging = v.variant('kind', [v.strictObject(numbers), v.strictObject(cursor)]);

const list = v.strictObject({
  path: about(path, 'The path below base_url, asked with GET'),
  items,
  fields: about(v.strictObject({ ...keyFields, last_used_at: maybe(field, 'Where the time of its last use stands') }), 'Where an element of the list has what'),
  paging: maybe(paging, 'How the list is cut into pages; null where one reply holds all'),
});

const revoke = v.strictObject({
  method: v.optional(about(v.picklist(['DELETE', 'POST', 'PUT', 'PATCH']), 'The method of the request'), 'DELETE'),
  path: about(
    text(PATTERNS.pathOfOne, 'must be a path with {id} in it once, such as /v1/keys/{id}'),
    'The path below base_url; {id} stands for the id of the key',
  ),
});

const keys = v.strictObject({
  dashboard: maybe(address, 'Where keys are made by hand'),
  times: v.optional(about(v.picklist(['text', 'seconds', 'milliseconds']), 'How times are written: as RFC 3339, or as a number since 1970'), 'text'),
  create: maybe(create, 'How a key is made; null where there is no API for it'),
  list: maybe(list, 'How keys are listed'),
  revoke: maybe(revoke, 'How a key is revoked'),
});

const server = v.variant('kind', [
  v.strictObject({
    kind: about(v.literal('issuer'), 'A server that publishes its metadata'),
    issuer: about(address, 'The issuer; its metadata is looked up as RFC 8414 says, else as OpenID Connect Discovery does'),
  }),
  v.strictObject({
    kind: about(v.literal('endpoints'), 'A server without metadata: its addresses by hand'),
    issuer: maybe(address, 'The name that the server has in its redirects (RFC 9207); null where it names itself nowhere'),
    authorization: about(endpoint, 'Where a person allows it'),
    token: about(endpoint, 'Where tokens come from'),
    revocation: maybe(endpoint, 'Where tokens are revoked (RFC 7009)'),
    device_authorization: maybe(endpoint, 'Where a code for another device comes from (RFC 8628)'),
  }),
]);

const client = v.variant('kind', [
  v.strictObject({ kind: about(v.literal('register'), 'Registered anew for each sign-in (RFC 7591)') }),
  v.strictObject({
    kind: about(v.literal('fixed'), 'Known by an id'),
    client_id: about(text(PATTERNS.clientId, 'must be 1 to 200 printable characters without spaces'), 'The id that the provider gave to this program'),
    port: maybe(whole(1024, 65_535), 'The port of the registered address http://127.0.0.1:<port>/callback; null where any will do'),
  }),
]);

const oauth = v.strictObject({
  server: about(server, 'Where the authorization server is'),
  client: about(client, 'Who keywright is to it: registered anew for each sign-in (RFC 7591), or known by an id'),
  scopes: v.optional(about(v.pipe(v.array(scope), v.maxLength(100, 'must have at most 100 entries')), 'The scopes that a sign-in asks for'), []),
  scope_separator: v.optional(about(v.picklist([' ', ',']), 'What stands between scopes; RFC 6749 says a space'), ' '),
});

/** A definition file. */
export const definitionSchema = about(
  v.strictObject({
    $schema: v.optional(about(v.pipe(v.string(), v.maxLength(300, 'must have at most 300 characters')), 'The address of this schema, for editors')),
    id: about(
      text(PATTERNS.id, 'must be 1 to 32 lower-case letters, digits or dashes, must begin with a letter, and not with "keywright"'),
      'What the provider is called on the command line; its variables begin with it (acme-eu: ACME_EU_API_KEY)',
    ),
    name: about(words, 'What it is called in sentences'),
    base_url: about(address, 'The address of its API'),
    key: about(keyPattern, 'What its keys look like'),
    header: v.optional(about(header, 'How a key is sent'), { name: 'authorization', scheme: 'Bearer' }),
    errors: v.optional(about(errors, 'Where the body of a failure has what'), {}),
    identity: maybe(identity, 'How a credential is proved; null where there is no way'),
    keys: about(keys, 'What can be done with keys'),
    paging: maybe(
      v.variant('kind', [v.strictObject({ ...numbers, items }), v.strictObject({ ...cursor, items })]),
      'How other lists are cut into pages, for "keywright api --paginate"',
    ),
    oauth: maybe(oauth, 'How one signs in through the browser; null where there are only keys'),
  }),
  'A provider for keywright, added with: keywright providers add <file>',
);

export type Definition = v.InferOutput<typeof definitionSchema>;
