import { type RawPages, type RawReply, sendRaw, sendRawPages } from '../api/raw.ts';
import { METHODS, rawRequest } from '../flows/api/request.ts';
import { accessOf } from '../flows/authority.ts';
import { confirmBinding } from '../flows/binding-trust.ts';
import { resolve } from '../flows/resolve.ts';
import type { Deps } from '../model/deps.ts';
import { Failure } from '../model/failure.ts';
import { ACCESS } from '../model/failure-sets.ts';
import type { FieldPath } from '../providers/provider.ts';
import { isTooDeep, valueAt } from '../providers/read.ts';
import { asItIs, harmlessJson } from '../render/json.ts';
import { indentedJson } from '../render/json-text.ts';
import { plainLines, plainText } from '../render/plain-text.ts';
import { command, PROJECT_FLAG, type Invocation, type OptionsOf, type Screen } from './command.ts';

const flags = {
  field: {
    takes: 'key=value',
    short: 'f',
    many: true,
    about: 'A field: in the query of GET and DELETE, else in the JSON body; numbers, true, false and null are typed',
  },
  fileField: {
    takes: 'key=@file',
    short: 'F',
    many: true,
    about: 'The same with the text of a file, or of standard input (@-); any other value is text as it is',
  },
  input: { takes: 'file', path: true, about: 'The whole body from a file, or from standard input (-)' },
  paginate: { about: 'Ask for all pages of a list; each is printed as one line of JSON' },
  include: { about: 'Print the status and the headers of the reply before its body' },
  project: PROJECT_FLAG,
} as const;

const args = [
  { name: 'method', about: 'GET, POST or another method, in either case', required: true, choices: METHODS },
  { name: 'path', about: 'The path below the API address', required: true },
] as const;

type ApiInvocation = Invocation<OptionsOf<typeof flags>, { readonly method: string; readonly path: string }>;

type Result =
  | { readonly kind: 'reply'; readonly reply: RawReply; readonly include: boolean }
  | { readonly kind: 'pages'; readonly pages: RawPages; readonly items: FieldPath };

/** Longest header line that is shown. */
const HEADER_MAX = 8_192;

async function run({ options, args: words, choice }: ApiInvocation, deps: Deps): Promise<Result> {
  const resolution = await resolve({ ...choice, project: options.project }, deps);
  const { target } = resolution;
  const { paging } = target.provider;
  if (options.paginate) {
    if (words.method.toUpperCase() !== 'GET') throw new Failure('usage', { detail: '--paginate is for GET.', hint: 'Leave --paginate out.' });
    if (options.include) throw new Failure('usage', { detail: '--paginate and --include exclude each other.', hint: 'Give one of them.' });
    if (paging === null) {
      throw new Failure('usage', {
        detail: `Nothing is known of how ${target.provider.name} cuts lists into pages.`,
        hint: 'Leave --paginate out, and ask for each page in the query of the path.',
      });
    }
  }
  const request = await rawRequest({ ...words, ...options }, target, deps);
  if (request.method !== 'GET' && request.method !== 'HEAD') await confirmBinding(resolution.binding, `send a ${request.method} request`, deps);
  if (options.paginate && paging !== null) {
    const pages = await sendRawPages(await accessOf(resolution, deps, await deps.bulkHttp()), request.path, paging);
    return { kind: 'pages', pages, items: paging.items };
  }
  return { kind: 'reply', reply: await sendRaw(await accessOf(resolution, deps), request), include: options.include };
}

/** A body as JSON; undefined where it is none, or none that can be put into lines. */
function parsed(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return isTooDeep(value) ? undefined : value;
  } catch {
    return undefined;
  }
}

/** In a pipe as it came; in a terminal with nothing in it that a terminal obeys, JSON indented, and with an end of line. */
function bodyText(body: string, screen: Screen): string {
  if (!screen.terminal) return body;
  const shown = parsed(body) === undefined ? plainLines(body) : harmlessJson(indentedJson(body));
  return shown === '' || shown.endsWith('\n') ? shown : `${shown}\n`;
}

function headText({ status, headers }: RawReply): string {
  const lines = Object.entries(headers).map(([name, value]) => plainText(`${name}: ${value}`, HEADER_MAX));
  return [`HTTP ${status}`, ...lines, '', ''].join('\n');
}

function text(result: Result, screen: Screen): string {
  if (result.kind === 'pages') return result.pages.bodies.map((body) => `${harmlessJson(JSON.stringify(body ?? null))}\n`).join('');
  return `${result.include ? headText(result.reply) : ''}${bodyText(result.reply.body, screen)}`;
}

/** The elements of all pages in one list; a page in which there is no list counts as one element. */
function itemsOf({ bodies }: RawPages, path: FieldPath): readonly unknown[] {
  return bodies.flatMap((body) => {
    const items = valueAt(body, path);
    return Array.isArray(items) ? items.map(asItIs) : [asItIs(body ?? null)];
  });
}

function json(result: Result): unknown {
  if (result.kind === 'pages') return itemsOf(result.pages, result.items);
  const { status, headers, body } = result.reply;
  return { status, headers, body: asItIs(body === '' ? null : (parsed(body) ?? body)) };
}

/** The failure with what came all the same. */
function verdict(result: Result): Failure | undefined {
  const failure = result.kind === 'pages' ? result.pages.failure : result.reply.failure;
  if (failure === null) return undefined;
  const { code, detail, hint } = failure;
  const shown = json(result);
  const data = Array.isArray(shown) ? { items: shown } : { ...(typeof shown === 'object' ? shown : {}) };
  return new Failure(code, { detail, ...(hint === undefined ? {} : { hint }), data, cause: failure });
}

/** `api`: one request in the person's own words, with the credential that any other command would use, and its answer. */
export const api = command({
  path: ['api'],
  group: 'Tools',
  summary: 'Make a request of your own to the API of a provider',
  args,
  flags,
  examples: [
    ['keywright api get /v1/auth/me', 'the body of the reply'],
    ['keywright api post /v1/agents/echo/invoke -f "input[prompt]=Hello"', 'a JSON body of fields, here {"input":{"prompt":"Hello"}}'],
    ['keywright api patch /v1/auth/api-keys/key_1 --input body.json --include', 'a body from a file, and the headers of the reply'],
    ['keywright api get /v1/chat/api-keys --paginate --json', 'the elements of all pages in one array'],
  ],
  failures: {
    ...ACCESS,
    'not-found': 'The provider answers 404; the body of its reply is printed all the same',
    refused: 'The provider refused, or the address is of another origin',
  },
  run,
  text,
  json,
  verdict,
});
