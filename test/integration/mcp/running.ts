import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';

import { onTestFinished } from 'vitest';

import { createClock } from '../../../src/adapters/clock.ts';
import { createGrantIndex } from '../../../src/adapters/grants.ts';
import { createHttpStream } from '../../../src/adapters/http/stream.ts';
import { runBridge } from '../../../src/mcp/bridge/bridge.ts';
import type { BridgeWorld } from '../../../src/mcp/bridge/world.ts';
import type { GrantIndex, GrantRecord } from '../../../src/model/grant.ts';
import { keepKey } from '../../support/mcp-grants.ts';
import { createMemoryStore, type MemoryStore } from '../../support/memory-store.ts';

export type Said = Readonly<Record<string, unknown>> & {
  readonly id?: unknown;
  readonly result?: unknown;
  readonly method?: unknown;
  readonly error?: { readonly code: number; readonly message: string };
};

export interface PlayedBridge {
  /** Sends one message, or a line as it is. */
  say(message: unknown): void;
  /** What came out, in its order. */
  readonly said: readonly Said[];
  /** Waits for what comes out and fits. A limit against hangs only. */
  hear(fits: (message: Said) => boolean): Promise<Said>;
  /** Sends a request and waits for its answer. */
  ask(id: string | number, method: string, params?: unknown): Promise<Said>;
  /** The client goes. */
  leave(): Promise<void>;
  readonly ended: Promise<void>;
  readonly warnings: readonly string[];
  readonly grants: GrantIndex;
  readonly store: MemoryStore;
  readonly interrupt: AbortController;
}

/** A bridge in this process with a record and, unless told otherwise, its key in a store. */
export async function playBridge(
  record: GrantRecord,
  key: string | undefined,
  changes: Partial<BridgeWorld> & { readonly provider?: string; readonly grant?: string } = {},
): Promise<PlayedBridge> {
  const dir = await mkdtemp(join(tmpdir(), 'keywright-bridge-'));
  const grants = createGrantIndex(dir);
  const store = createMemoryStore();
  await grants.write(record);
  if (key !== undefined) await keepKey(store, record, key);
  const input = new PassThrough();
  const said: Said[] = [];
  const warnings: string[] = [];
  const hearers = new Set<() => void>();
  const interrupt = new AbortController();
  const { provider = record.provider, grant = record.id, ...world } = changes;
  const ended = runBridge(
    { provider, grant },
    {
      input,
      write: async (line) => {
        said.push(JSON.parse(line));
        for (const hear of hearers) hear();
        return 'written';
      },
      grants,
      store: async () => store,
      http: createHttpStream({ env: {}, userAgent: 'keywright/test' }),
      clock: createClock(),
      renew: async () => undefined,
      warn: (line) => void warnings.push(line),
      interrupted: interrupt.signal,
      ...world,
    },
  );
  onTestFinished(async () => {
    interrupt.abort();
    await ended;
    await rm(dir, { recursive: true, force: true });
  });
  const hear = (fits: (message: Said) => boolean): Promise<Said> =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`it was never said, but: ${JSON.stringify(said)}`)), 60_000);
      const look = (): void => {
        const found = said.find(fits);
        if (found === undefined) return;
        clearTimeout(timer);
        hearers.delete(look);
        resolve(found);
      };
      hearers.add(look);
      look();
    });
  const say = (message: unknown): void => void input.write(`${typeof message === 'string' ? message : JSON.stringify(message)}\n`);
  return {
    say,
    said,
    hear,
    ask: (id, method, params) => {
      say({ jsonrpc: '2.0', id, method, ...(params === undefined ? {} : { params }) });
      return hear((message) => message.id === id && message.method === undefined);
    },
    leave: async () => {
      input.end();
      await ended;
    },
    ended,
    warnings,
    grants,
    store,
    interrupt,
  };
}

/** The handshake of the protocol with sessions. */
export async function shakeHands(bridge: PlayedBridge, version = '2025-11-25'): Promise<Said> {
  const answer = await bridge.ask('init', 'initialize', { protocolVersion: version, capabilities: {}, clientInfo: { name: 'test', version: '1' } });
  bridge.say({ jsonrpc: '2.0', method: 'notifications/initialized' });
  return answer;
}

/** What every request of the stateless protocol carries. */
export const STATELESS = { _meta: { 'io.modelcontextprotocol/protocolVersion': '2026-07-28', 'io.modelcontextprotocol/clientCapabilities': {} } };

export interface Asked {
  readonly method: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  /** The body as a message. */
  readonly message: Said & { readonly params?: unknown };
  readonly response: ServerResponse;
  /** Resolves when the other side has closed the connection. */
  readonly closed: Promise<void>;
}

export interface ScriptedServer {
  readonly origin: string;
  readonly asked: readonly Asked[];
}

/** A server that does what a test says. */
export async function scriptedServer(answer: (asked: Asked) => void): Promise<ScriptedServer> {
  const all: Asked[] = [];
  const server = createServer((request, response) => {
    const closed = new Promise<void>((resolve) => response.on('close', () => resolve()));
    void read(request).then((body) => {
      const asked = { method: request.method ?? '', headers: request.headers, body, message: body === '' ? {} : JSON.parse(body), response, closed };
      all.push(asked);
      answer(asked);
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  return { origin: `http://127.0.0.1:${port}`, asked: all };
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}

export function inJson(asked: Asked, message: unknown, headers: Readonly<Record<string, string>> = {}, status = 200): void {
  asked.response.writeHead(status, { 'content-type': 'application/json', ...headers });
  asked.response.end(JSON.stringify(message));
}

/** Begins a stream of events. */
export function inEvents(asked: Asked, ...events: readonly string[]): void {
  asked.response.writeHead(200, { 'content-type': 'text/event-stream' });
  asked.response.flushHeaders();
  for (const event of events) asked.response.write(event);
}

export const resultOf = (id: unknown, result: unknown = {}): unknown => ({ jsonrpc: '2.0', id, result });
export const event = (message: unknown, id?: string): string => `${id === undefined ? '' : `id: ${id}\n`}data: ${JSON.stringify(message)}\n\n`;
