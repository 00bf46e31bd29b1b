import { request } from 'node:http';
import type { Socket } from 'node:net';
import { proxyRefusal } from './broken.ts';
import type { Proxy } from './proxy.ts';

/**
 * Asks the proxy at the other end of `socket` for a tunnel to `target` (host:port; RFC 9110 section 9.3.6) and gives the socket back when
 * it leads there. Throws `Broken` for any answer but 2xx, and the socket's error where the proxy hangs up. The caller keeps the time.
 */
export async function openTunnel(socket: Socket, proxy: Proxy, target: string): Promise<Socket> {
  const authorization = proxy.authorization();
  const headers = { host: target, ...(authorization === undefined ? {} : { 'proxy-authorization': authorization }) };
  return await new Promise<Socket>((resolve, reject) => {
    const asking = request({ method: 'CONNECT', path: target, headers, setHost: false, createConnection: () => socket });
    asking.on('error', reject);
    // Node gives every answer to CONNECT as this event, whatever its status.
    asking.once('connect', (answer, _, head) => {
      const status = answer.statusCode ?? 0;
      if (status < 200 || status > 299) {
        reject(proxyRefusal(status, { host: proxy.host, variable: proxy.variable, named: authorization !== undefined }, target));
        return;
      }
      if (head.length > 0) socket.unshift(head);
      resolve(socket);
    });
    asking.end();
  });
}
