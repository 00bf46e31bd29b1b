/** One exchange of a wire witness: what is sent, and what must come back. */
export interface WireEntry {
  readonly name: string;
  readonly request: WireRequest;
  readonly response: WireResponse;
}

export interface WireRequest {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** Null where there is none. */
  readonly body: string | null;
}

export interface WireResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

/** `kind.label` to the value that it has in this run. */
export type Bindings = Map<string, string>;

interface Kind {
  readonly pattern: string;
  readonly sample: string;
}

/** What placeholders stand for; the head of every witness says it in words. */
const KINDS: Readonly<Record<string, Kind>> = {
  origin: { pattern: 'http://127\\.0\\.0\\.1:[0-9]+', sample: 'http://127.0.0.1:49151' },
  host: { pattern: '127\\.0\\.0\\.1:[0-9]+', sample: '127.0.0.1:49151' },
  key: { pattern: 'mxk_[0-9a-f]{64}', sample: `mxk_${'0123456789abcdef'.repeat(4)}` },
  prefix: { pattern: 'mxk_[0-9a-f]{4}', sample: 'mxk_0123' },
  'minds-key': { pattern: 'minds_[0-9a-f]{48}', sample: `minds_${'0123456789abcdef'.repeat(3)}` },
  'agntix-key': { pattern: 'pk_live_[A-Za-z0-9_-]{32}', sample: `pk_live_${'sample-_'.repeat(4)}` },
  jwt: { pattern: 'eyJ[A-Za-z0-9_-]+\\.eyJ[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+', sample: 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJkZW1vIn0.c2FtcGxl' },
  request: { pattern: 'req_[0-9a-f-]{36}', sample: 'req_11111111-2222-4333-8444-555555555555' },
  id: { pattern: '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}', sample: '11111111-2222-4333-8444-555555555555' },
  time: { pattern: '[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\\.[0-9]+)?Z', sample: '2027-01-31T12:00:00.000Z' },
  token: { pattern: '[A-Za-z0-9_-]{20,}', sample: 'sample-token-of-enough-characters' },
  hash: { pattern: '[0-9a-f]{64}', sample: 'ab'.repeat(32) },
  number: { pattern: '-?[0-9]+', sample: '1800000000' },
  text: { pattern: '[^]+', sample: 'Some words.' },
};

const PLACEHOLDER = /\{\{([a-z-]+)(\.[a-z-]+)?\}\}/g;

/** Reads a witness. Lines before the first entry are its head. Throws, naming the entry, where one is not whole. */
export function readWire(text: string): readonly WireEntry[] {
  return text
    .split(/^### +/m)
    .slice(1)
    .map((part) => {
      const end = part.indexOf('\n');
      const name = part.slice(0, end).trim();
      const [, asked, answered] = /^([^]*?)\n\n(HTTP\/1\.1 [0-9]{3}[^]*)$/.exec(part.slice(end + 1).trimEnd()) ?? [];
      if (asked === undefined || answered === undefined) throw new Error(`The entry "${name}" has no answer.`);
      const request = readMessage(asked);
      const response = readMessage(answered);
      const [method, path, version] = request.first.split(' ');
      const status = Number(/^HTTP\/1\.1 ([0-9]{3})/.exec(response.first)?.[1]);
      if (method === undefined || path === undefined || version !== 'HTTP/1.1') throw new Error(`The entry "${name}" has no proper request line.`);
      return {
        name,
        request: { method, path, headers: request.headers, body: request.body },
        response: { status, headers: response.headers, body: response.body },
      };
    });
}

function readMessage(text: string): { readonly first: string; readonly headers: Readonly<Record<string, string>>; readonly body: string | null } {
  const at = text.indexOf('\n\n');
  const [first = '', ...lines] = (at === -1 ? text : text.slice(0, at)).split('\n');
  const headers = Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf(':')).trim().toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]));
  return { first, headers, body: at === -1 ? null : text.slice(at + 2).trim() };
}

/** Puts in what is bound. Throws where a placeholder is not: a request must say everything. */
export function fill(text: string, bindings: Bindings): string {
  return text.replace(PLACEHOLDER, (whole, kind: string, label: string | undefined) => {
    const value = bindings.get(kind + (label ?? ''));
    if (value === undefined) throw new Error(`${whole} has no value yet.`);
    return value;
  });
}

/** Puts in what is bound, and samples for the rest: for a server that plays the witness's answers. */
export function fillWithSamples(text: string, bindings: Bindings = new Map()): string {
  return text
    .replace(/"\{\{number\}\}"/g, kindOf('number').sample)
    .replace(PLACEHOLDER, (_whole, kind: string, label: string | undefined) => bindings.get(kind + (label ?? '')) ?? kindOf(kind).sample);
}

/** How an answer differs from the witness, one line each; nothing where it does not. Binds the labels that it meets for the first time. */
export function differences(expected: WireResponse, actual: WireResponse, bindings: Bindings): readonly string[] {
  const found: string[] = [];
  if (actual.status !== expected.status) found.push(`status: ${actual.status}, not ${expected.status}`);
  for (const [name, value] of Object.entries(expected.headers)) compareText(value, actual.headers[name] ?? '(none)', `header ${name}`, bindings, found);
  if (expected.body !== null) compare(parse(expected.body), parse(actual.body ?? ''), 'body', bindings, found);
  return found;
}

function compare(expected: unknown, actual: unknown, at: string, bindings: Bindings, found: string[]): void {
  if (Array.isArray(expected) && Array.isArray(actual)) {
    if (expected.length !== actual.length) found.push(`${at}: ${actual.length} elements, not ${expected.length}`);
    for (const [index, item] of expected.entries()) compare(item, actual[index], `${at}[${index}]`, bindings, found);
  } else if (isRecord(expected) && isRecord(actual)) {
    for (const name of Object.keys(actual)) if (!Object.hasOwn(expected, name)) found.push(`${at}.${name}: not in the witness`);
    for (const [name, value] of Object.entries(expected)) {
      if (Object.hasOwn(actual, name)) compare(value, actual[name], `${at}.${name}`, bindings, found);
      else found.push(`${at}.${name}: missing`);
    }
  } else if (expected === '{{number}}') {
    if (typeof actual !== 'number') found.push(`${at}: ${JSON.stringify(actual)}, not a number`);
  } else if (typeof expected === 'string' && typeof actual === 'string') {
    compareText(expected, actual, at, bindings, found);
  } else if (expected !== actual) {
    found.push(`${at}: ${JSON.stringify(actual)}, not ${JSON.stringify(expected)}`);
  }
}

function compareText(expected: string, actual: string, at: string, bindings: Bindings, found: string[]): void {
  const fresh: string[] = [];
  let pattern = '';
  let done = 0;
  for (const match of expected.matchAll(PLACEHOLDER)) {
    const name = (match[1] ?? '') + (match[2] ?? '');
    const bound = bindings.get(name);
    pattern += quote(expected.slice(done, match.index));
    done = match.index + match[0].length;
    if (bound !== undefined) {
      pattern += quote(bound);
    } else {
      pattern += `(${kindOf(match[1] ?? '').pattern})`;
      fresh.push(name);
    }
  }
  const groups = new RegExp(`^${pattern}${quote(expected.slice(done))}$`).exec(actual);
  if (groups === null) found.push(`${at}: ${JSON.stringify(actual)}, not ${JSON.stringify(expected)}`);
  for (const [index, name] of fresh.entries()) {
    const value = groups?.[index + 1];
    if (value !== undefined && name.includes('.')) bindings.set(name, value);
  }
}

function kindOf(name: string): Kind {
  const kind = Object.hasOwn(KINDS, name) ? KINDS[name] : undefined;
  if (kind === undefined) throw new Error(`There is no placeholder {{${name}}}.`);
  return kind;
}

function quote(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
