import type { Socket } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import { brokenConnection, slowConnection } from './broken.ts';
import { type Ending, untilAborted } from '../../model/ending.ts';
import { startLimit } from './limit.ts';
import type { Proxy } from './proxy.ts';

export interface Destination {
  readonly url: URL;
  readonly proxy: Proxy | undefined;
  readonly connectMs: number;
  /** Is told of the connection as soon as it is on its way: time for whatever else takes the process a while. */
  readonly begun?: (socket: Socket) => void;
}

interface Hop {
  readonly hostname: string;
  readonly port: number;
  readonly secure: boolean;
}

/**
 * Node gives each address of a name 250 ms before it goes on to the next one (RFC 8305), the last one too,
 * which is less than one round trip to the other end of the world under load.
 */
const PER_ADDRESS_MS = 2_500;

/**
 * A connection that is ready for a request, through the proxy's tunnel and with TLS where they are wanted. Both engines use it, so that
 * they agree on proxies, certificates and limits. Throws `Broken`, or the reason of `signal`. Nothing of it is left open then.
 */
export async function connect(to: Destination, signal: Ending): Promise<Socket> {
  const target: Hop = { hostname: to.url.hostname, port: portOf(to.url), secure: to.url.protocol === 'https:' };
  let asked = to.proxy === undefined ? to.url.host : `The proxy ${to.proxy.host}`;
  const limit = startLimit({ ms: to.connectMs, whenUp: () => slowConnection(asked, to.connectMs), host: to.url.host, sources: [signal] });
  const opened: Socket[] = [];
  const keep = (socket: Socket): Socket => {
    if (opened.length === 0) to.begun?.(socket);
    // A socket may fail between two owners; without a listener that would end the process.
    socket.on('error', () => undefined);
    opened.push(socket);
    return socket;
  };
  try {
    if (to.proxy === undefined) return await openHop(target, keep, limit.signal);
    const { openTunnel } = await import('./tunnel.ts');
    const first = await openHop(to.proxy, keep, limit.signal);
    const tunnel = await untilAborted(openTunnel(first, to.proxy, `${target.hostname}:${target.port}`), limit.signal);
    asked = to.url.host;
    return target.secure ? await secure(tunnel, target, keep, limit.signal) : tunnel;
  } catch (error) {
    for (const socket of opened) socket.destroy();
    throw limit.signal.aborted ? limit.signal.reason : brokenConnection(error, asked);
  } finally {
    limit.end();
  }
}

async function openHop(hop: Hop, keep: (socket: Socket) => Socket, signal: Ending): Promise<Socket> {
  const net = await import('node:net');
  if (signal.aborted) throw signal.reason;
  const options = { host: bare(hop.hostname), port: hop.port, noDelay: true, keepAlive: true, autoSelectFamilyAttemptTimeout: PER_ADDRESS_MS };
  const socket = keep(net.connect(options));
  await untilAborted(ready(socket, 'connect'), signal);
  return hop.secure ? await secure(socket, hop, keep, signal) : socket;
}

async function secure(socket: Socket, hop: Hop, keep: (socket: Socket) => Socket, signal: Ending): Promise<Socket> {
  const tls = await import('node:tls');
  const host = bare(hop.hostname);
  const { isIP } = await import('node:net');
  // The certificate is checked against `host`; the name in the handshake may not be an IP address (RFC 6066 section 3).
  const options: ConnectionOptions = { socket, host, ALPNProtocols: ['http/1.1'], ...(isIP(host) === 0 ? { servername: host } : {}) };
  const secured = tls.connect(options);
  keep(secured);
  await untilAborted(ready(secured, 'secureConnect'), signal);
  return secured;
}

async function ready(socket: Socket, event: 'connect' | 'secureConnect'): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    socket.once(event, () => resolve());
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('closed before it was ready')));
  });
}

function portOf(url: URL): number {
  if (url.port !== '') return Number(url.port);
  return url.protocol === 'https:' ? 443 : 80;
}

/** An IPv6 address without the brackets of a URL. */
function bare(hostname: string): string {
  return hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
}
