import type { IncomingMessage, ServerResponse } from 'node:http';
import { Failure } from '../model/failure.ts';
import { pageHeaders } from '../render/page.ts';
import { type Page, pageHtml, PAGES } from './pages.ts';

/** A redirect that carried our `state`. Its browser waits for `answer`. */
export interface Callback {
  readonly url: URL;
  answer(page: Page): Promise<void>;
}

export interface LoopbackListener {
  /** RFC 8252 section 7.3: the loopback address by number, with the port that was asked for or that the system gave. */
  readonly redirectUri: string;
  /** The first redirect with this `state`. Redirects with another one get a page that says so, and the wait goes on. */
  callback(state: string, signal: AbortSignal, onStranger: () => void): Promise<Callback>;
  /** Frees the port and ends open connections. */
  close(): Promise<void>;
}

const CALLBACK_PATH = '/callback';

function respond(response: ServerResponse, page: Page): Promise<void> {
  const html = pageHtml(page);
  // The browser may have gone away while we were busy; nothing would tell us of it a second time.
  if (response.destroyed || response.closed) return Promise.resolve();
  return new Promise((resolve) => {
    response.once('close', resolve);
    response.writeHead(page.status, {
      ...pageHeaders([]),
      'content-length': Buffer.byteLength(html),
      connection: 'close',
    });
    response.end(html);
  });
}

/** `refused`: somebody else has the port, and a redirect would be theirs. */
function portFailure(thrown: unknown, port: number): unknown {
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
  if (port === 0 || (code !== 'EADDRINUSE' && code !== 'EACCES')) return thrown;
  return new Failure('refused', {
    detail: `The sign-in has to end at port ${port} of this machine, and ${code === 'EACCES' ? 'the system does not let us use it' : 'another program has it'}.`,
    hint: 'End that program, or another sign-in that is under way, and run the command again.',
    cause: thrown,
  });
}

/**
 * Binds a listener on 127.0.0.1, at `port` or, with 0, at one of the system's choice. Bound before a client is registered, so that nobody
 * else can own the redirect address. `refused` where the port is taken.
 */
export async function listenOnLoopback(port = 0): Promise<LoopbackListener> {
  const { createServer } = await import('node:http');
  type Waiting = { readonly state: string; readonly take: (callback: Callback) => void; readonly onStranger: () => void };
  let waiting: Waiting | null = null;
  let host = '';

  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    // A page elsewhere can make the browser call us under another name (DNS rebinding); the name is in the Host header.
    const url = request.headers.host === host && URL.canParse(request.url ?? '', `http://${host}`) ? new URL(request.url ?? '', `http://${host}`) : null;
    // A request line may hold a whole address (RFC 9112 section 3.2.2), with another host than the Host header.
    if (url === null || url.host !== host) return void respond(response, PAGES.notOurs);
    if (url.pathname !== CALLBACK_PATH) return void respond(response, PAGES.nothingHere);
    const states = url.searchParams.getAll('state');
    if (request.method !== 'GET' || waiting === null || states.length !== 1 || states[0] !== waiting.state) {
      waiting?.onStranger();
      return void respond(response, PAGES.notOurs);
    }
    const { take } = waiting;
    waiting = null;
    take({ url, answer: (page) => respond(response, page) });
  };

  const server = createServer(handle);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  }).catch((thrown: unknown) => {
    throw portFailure(thrown, port);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP listener has a port');
  host = `127.0.0.1:${address.port}`;

  return {
    redirectUri: `http://${host}${CALLBACK_PATH}`,
    callback: (state, signal, onStranger) =>
      new Promise((resolve, reject) => {
        const stop = (): void => {
          waiting = null;
          reject(signal.reason as Error);
        };
        if (signal.aborted) return stop();
        signal.addEventListener('abort', stop, { once: true });
        waiting = {
          state,
          onStranger,
          take: (callback) => {
            signal.removeEventListener('abort', stop);
            resolve(callback);
          },
        };
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
