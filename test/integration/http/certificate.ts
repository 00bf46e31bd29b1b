import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

export interface Certificate {
  readonly key: string;
  readonly cert: string;
  /** Where the certificate lies as a file. */
  readonly certFile: string;
  readonly folder: string;
  remove(): Promise<void>;
}

/** A self-signed certificate for `name`, made by openssl. */
export async function makeCertificate(name: string): Promise<Certificate> {
  const folder = await mkdtemp(path.join(tmpdir(), 'keywright-certificate-'));
  const keyFile = path.join(folder, 'key.pem');
  const certFile = path.join(folder, 'cert.pem');
  const subject = ['-subj', `/CN=${name}`, '-addext', `subjectAltName=DNS:${name}`];
  await promisify(execFile)('openssl', [
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-nodes',
    '-days',
    '2',
    '-keyout',
    keyFile,
    '-out',
    certFile,
    ...subject,
  ]);
  const [key, cert] = await Promise.all([readFile(keyFile, 'utf8'), readFile(certFile, 'utf8')]);
  return { key, cert, certFile, folder, remove: async () => await rm(folder, { recursive: true, force: true }) };
}

export interface HttpsServer {
  readonly port: number;
  /** Host header and path of each request. */
  readonly seen: ReadonlyArray<readonly [host: string, path: string]>;
  stop(): Promise<void>;
}

export async function startHttps(certificate: Certificate): Promise<HttpsServer> {
  const seen: Array<readonly [string, string]> = [];
  const server = createServer({ key: certificate.key, cert: certificate.cert }, (request, response) => {
    seen.push([request.headers.host ?? '', request.url ?? '']);
    response.end('{"secure":true}');
  });
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    seen,
    stop: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
