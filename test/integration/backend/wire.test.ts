import { readFileSync } from 'node:fs';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { startBackend, type LocalBackend } from '../../../src/backend/start.ts';
import { differences, fill, readWire, type Bindings } from '../../support/wire.ts';
import { ask, signIn } from './running.ts';

const entries = readWire(readFileSync(new URL('../../golden/wire/memax.http', import.meta.url), 'utf8'));

describe('memax speaks as its witness says', () => {
  const bindings: Bindings = new Map();
  let backend: LocalBackend;

  beforeAll(async () => {
    // The vendor publishes no revocation endpoint.
    backend = await startBackend({ realms: ['memax'], dataDir: undefined, port: 0 }, { revocation: false });
    const { origin } = backend.realm('memax');
    const { clientId, refreshToken } = await signIn(origin);
    bindings.set('origin', origin).set('host', new URL(origin).host);
    bindings.set('token.client', clientId).set('token.refresh', refreshToken).set('token.bad', 'nobody-ever-issued-this-one');
  });
  afterAll(() => backend.stop());

  it('has an entry for every operation', () => {
    expect(entries.length).toBeGreaterThan(35);
  });

  it.each(entries.map((entry) => [entry.name, entry] as const))('%s', async (_name, { request, response }) => {
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, fill(value, bindings)]));
    const answer = await ask(backend.realm('memax').origin, fill(request.path, bindings), {
      method: request.method,
      headers,
      ...(request.body === null ? {} : { body: fill(request.body, bindings) }),
    });
    expect(differences(response, { status: answer.status, headers: answer.headers, body: answer.text }, bindings)).toEqual([]);
  });
});
