import { execFile } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWith } from '../../support/requires.ts';
import { type Certificate, type HttpsServer, makeCertificate, startHttps } from './certificate.ts';
import { type RunningProxy, startProxy } from './proxies.ts';
import { ENGINES, failureOf, testWorld } from './worlds.ts';

const NAME = 'api.example.test';

describeWith(['openssl'], 'TLS', () => {
  let certificate: Certificate;
  let server: HttpsServer;
  let proxy: RunningProxy;
  let client: string;

  beforeAll(async () => {
    certificate = await makeCertificate(NAME);
    server = await startHttps(certificate);
    proxy = await startProxy({ kind: 'lead', port: server.port });
    client = path.join(certificate.folder, 'client.cjs');
    const entry = fileURLToPath(new URL('trusting-client.ts', import.meta.url));
    await build({ entryPoints: [entry], outfile: client, bundle: true, platform: 'node', format: 'cjs', target: 'node20', logLevel: 'error' });
  });

  afterAll(async () => {
    await proxy.stop();
    await server.stop();
    await certificate.remove();
  });

  async function ask(engine: string, url: string): Promise<unknown> {
    const env = { PATH: process.env['PATH'], NODE_EXTRA_CA_CERTS: certificate.certFile, HTTPS_PROXY: `http://me:pa%20ss@127.0.0.1:${proxy.port}` };
    const { stdout } = await promisify(execFile)(process.execPath, [client, engine, url], { env });
    return JSON.parse(stdout);
  }

  it.each(ENGINES)('%s refuses a certificate that nobody vouches for, once', async (_, create) => {
    const { world, debug } = testWorld();
    const http = create(world);
    const failure = await failureOf(http.send({ method: 'GET', url: `https://127.0.0.1:${server.port}/` }));
    await http.close();
    expect([failure.code, failure.detail]).toEqual([
      'unreachable',
      `127.0.0.1:${server.port}: its certificate is signed by itself (DEPTH_ZERO_SELF_SIGNED_CERT).`,
    ]);
    expect(failure.hint).toContain('NODE_EXTRA_CA_CERTS');
    expect(debug).toHaveLength(1);
    expect(server.seen).toEqual([]);
  });

  it.each(['one', 'kept', 'many'])('%s reaches a trusted server through a proxy', async (engine) => {
    const before = [server.seen.length, proxy.asked.length];
    expect(await ask(engine, `https://${NAME}/v1/me?x=1`)).toEqual({ status: 200, body: '{"secure":true}' });
    expect(server.seen.slice(before[0])).toEqual([[NAME, '/v1/me?x=1']]);
    expect(proxy.asked.slice(before[1])).toEqual([[`${NAME}:443`, `Basic ${Buffer.from('me:pa ss').toString('base64')}`]]);
  });

  it.each(['one', 'kept', 'many'])('%s refuses a trusted certificate for another name, once', async (engine) => {
    const before = proxy.asked.length;
    expect(await ask(engine, 'https://other.example.test:8443/')).toEqual({
      code: 'unreachable',
      detail: 'other.example.test:8443: its certificate is for another name (ERR_TLS_CERT_ALTNAME_INVALID).',
    });
    expect(proxy.asked.slice(before).map(([target]) => target)).toEqual(['other.example.test:8443']);
  });
});
