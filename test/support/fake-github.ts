import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Variables } from './cli.ts';

/** A secret as GitHub was sent it: sealed, so that its length is all that can be told. */
export interface SealedSecret {
  readonly path: string;
  readonly bytes: number;
}

/** What a sealed box adds to what is in it (libsodium: a public key and a tag). */
export const SEAL_BYTES = 48;

export interface FakeGithub {
  /** The variables that lead the real `gh` here; it speaks plain http to this host alone. */
  readonly env: Variables;
  readonly secrets: readonly SealedSecret[];
  /** All that came in, as it came in. */
  readonly heard: readonly string[];
  /** What `PUT` answers from now on. */
  answers(status: number): void;
  /** Called before a secret is taken. */
  meanwhile(wait: () => Promise<void>): void;
  stop(): Promise<void>;
}

const TOKEN = 'gho_planted-github-token';

/** As much of GitHub's API as `gh auth status` and `gh secret set` ask for, on loopback. Requests come as to a proxy, so that no name need be resolved. */
export async function startFakeGithub(): Promise<FakeGithub> {
  const secrets: SealedSecret[] = [];
  const heard: string[] = [];
  let status = 201;
  let wait = async (): Promise<void> => undefined;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', async () => {
      const body = Buffer.concat(chunks).toString('utf8');
      const { pathname } = new URL(request.url ?? '/', 'http://api.github.localhost');
      heard.push(`${request.method} ${request.url} ${body}`);
      const answer = (code: number, value: unknown): void => {
        response.writeHead(code, { 'content-type': 'application/json', 'x-oauth-scopes': 'repo, read:org, gist' });
        response.end(JSON.stringify(value));
      };
      if (request.headers.authorization !== `token ${TOKEN}`) return answer(401, { message: 'Bad credentials' });
      if (pathname === '/graphql') return answer(200, { data: { viewer: { login: 'octocat' } } });
      if (pathname.endsWith('/secrets/public-key')) return answer(200, { key_id: '1', key: Buffer.alloc(32, 9).toString('base64') });
      if (request.method !== 'PUT') return answer(200, {});
      await wait();
      const sealed: { readonly encrypted_value?: string } = JSON.parse(body);
      if (status < 300) secrets.push({ path: pathname, bytes: Buffer.from(sealed.encrypted_value ?? '', 'base64').length });
      answer(status, status < 300 ? {} : { message: 'Resource not accessible by integration' });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port }: AddressInfo = Object(server.address());
  const proxy = `http://127.0.0.1:${port}`;
  return {
    env: { GH_HOST: 'github.localhost', GH_TOKEN: TOKEN, HTTP_PROXY: proxy, http_proxy: proxy },
    secrets,
    heard,
    answers: (code) => {
      status = code;
    },
    meanwhile: (other) => {
      wait = other;
    },
    stop: () => new Promise((resolve) => void server.close(() => resolve())),
  };
}
