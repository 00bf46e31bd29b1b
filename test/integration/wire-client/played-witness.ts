import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isDeepStrictEqual } from 'node:util';

import { onTestFinished } from 'vitest';

import { fillWithSamples, type Bindings, type WireEntry } from '../../support/wire.ts';

export interface PlayedWitness {
  readonly origin: string;
  /** How the requests differ from what the witness says, one line each. */
  readonly differences: readonly string[];
  readonly requests: number;
}

/** The headers that carry meaning: a request has those of them that the witness names, and no other. */
const MEANT = ['authorization', 'x-api-key', 'x-project', 'content-type', 'cookie', 'dpop'];

/** The headers that say how it is carried. A credential in any other would be a leak. */
const CARRYING = ['host', 'user-agent', 'accept', 'accept-encoding', 'connection', 'content-length', 'transfer-encoding'];

/**
 * A server that plays entries of a witness from the vendor's side: holds each request against the entry whose turn it is, and gives
 * the entry's answer. What has no label gets the usual sample. Ends with the test.
 */
export async function playWitness(entries: readonly WireEntry[], bindings: Bindings): Promise<PlayedWitness> {
  const differences: string[] = [];
  let requests = 0;
  const server = createServer((request, response) => {
    const entry = entries[requests];
    requests += 1;
    if (entry === undefined) {
      differences.push(`${request.method} ${request.url}: one request too many`);
      response.statusCode = 599;
      response.end();
      return;
    }
    void answer(request, response, entry, bindings, differences);
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  const origin = `http://127.0.0.1:${port}`;
  bindings.set('origin', origin).set('host', `127.0.0.1:${port}`);
  return {
    origin,
    differences,
    get requests() {
      return requests;
    },
  };
}

async function answer(request: IncomingMessage, response: ServerResponse, entry: WireEntry, bindings: Bindings, found: string[]): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  compare(request, Buffer.concat(chunks).toString('utf8'), entry.request, (text) => fillWithSamples(text, bindings), found);
  response.statusCode = entry.response.status;
  for (const [name, value] of Object.entries(entry.response.headers)) response.setHeader(name, fillWithSamples(value, bindings));
  response.end(entry.response.body === null ? undefined : fillWithSamples(entry.response.body, bindings));
}

function compare(request: IncomingMessage, body: string, expected: WireEntry['request'], fill: (text: string) => string, found: string[]): void {
  const line = `${expected.method} ${fill(expected.path)}`;
  if (`${request.method} ${request.url}` !== line) found.push(`request line: ${request.method} ${request.url}, not ${line}`);
  for (const name of ['host', ...MEANT]) {
    const wanted = expected.headers[name] === undefined ? undefined : fill(expected.headers[name]);
    const actual = name === 'content-type' ? mediaType(request.headers[name]) : request.headers[name];
    if (actual !== wanted) found.push(`header ${name}: ${String(actual)}, not ${String(wanted)}`);
  }
  for (const name of Object.keys(request.headers)) if (!MEANT.includes(name) && !CARRYING.includes(name)) found.push(`header ${name}: not in the witness`);
  const type = mediaType(expected.headers['content-type']);
  const wanted = expected.body === null ? '' : fill(expected.body);
  const same = wanted === '' || type === undefined ? body === wanted : isDeepStrictEqual(parsed(body, type), parsed(wanted, type));
  if (!same) found.push(`body: ${body}, not ${wanted}`);
}

const mediaType = (header: string | undefined): string | undefined => header?.split(';')[0]?.trim().toLowerCase();

/** A form as its pairs in the order of their names, JSON as its value. */
function parsed(body: string, type: string): unknown {
  if (type === 'application/x-www-form-urlencoded') return [...new URLSearchParams(body)].sort(([one], [other]) => one.localeCompare(other));
  try {
    return JSON.parse(body);
  } catch {
    return { notJson: body };
  }
}
