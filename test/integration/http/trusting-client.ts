/**
 * A program of the tests: sends one GET and prints what became of it. It is a process of its own because Node reads
 * NODE_EXTRA_CA_CERTS once, when it starts. Usage: node trusting-client one|kept|many URL
 */
import { createKeptHttp } from '../../../src/adapters/http/kept-requests.ts';
import { createManyRequestsHttp } from '../../../src/adapters/http/many-requests.ts';
import { createOneRequestHttp } from '../../../src/adapters/http/one-request.ts';
import { isFailure } from '../../../src/model/failure.ts';
import { testWorld } from './worlds.ts';

const [engine, url = ''] = process.argv.slice(2);
const { world } = testWorld({ env: process.env });
const create = engine === 'one' ? createOneRequestHttp : engine === 'kept' ? createKeptHttp : createManyRequestsHttp;
const http = create(world);
http
  .send({ method: 'GET', url, totalMs: 60_000 })
  .then((reply) => console.log(JSON.stringify({ status: reply.status, body: reply.body })))
  .catch((thrown: unknown) => console.log(JSON.stringify(isFailure(thrown) ? { code: thrown.code, detail: thrown.detail } : { bug: String(thrown) })))
  .finally(() => http.close());
