import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { REALM_IDS, startBackend, type LocalBackend } from '../../../src/backend/start.ts';
import type { BackendTuning } from '../../../src/backend/tuning.ts';
import { PROVIDERS } from '../../../src/providers/registry.ts';
import { differences, fill, type Bindings, type WireEntry } from '../../support/wire.ts';
import { witnesses } from '../../support/witnesses.ts';
import { ask, signIn } from './running.ts';

interface SetUp {
  readonly tuning?: BackendTuning;
  /** What the witness takes for given from outside. */
  given?(origin: string, bindings: Bindings): Promise<void>;
}

/** Only what differs from a server fresh from its factory; a witness that is not here gets its first key from the dashboard by itself. */
const SET_UPS: Readonly<Record<string, SetUp>> = {
  memax: {
    // The vendor publishes no revocation endpoint.
    tuning: { revocation: false },
    async given(origin, bindings) {
      const { clientId, refreshToken } = await signIn(origin);
      bindings.set('token.client', clientId).set('token.refresh', refreshToken).set('token.bad', 'nobody-ever-issued-this-one');
    },
  },
};

const WITNESSES = witnesses();

describe('providers, realms and witnesses', () => {
  it('are the same ones', () => {
    const ids = PROVIDERS.map(({ id }) => id);
    expect(REALM_IDS).toEqual(ids);
    expect(WITNESSES.map(({ id }) => id)).toEqual(ids.toSorted());
  });

  it.each(WITNESSES.map(({ id, entries }) => [id, entries] as const))('%s shows how whatever takes a credential fails as well', (_id, entries) => {
    const place = ({ request }: WireEntry) => `${request.method} ${request.path.replace(/\?.*/, '').replace(/\{\{.*?\}\}|[0-9a-f-]{36}/g, '*')}`;
    const takes = entries.filter(({ request }) => Object.keys(request.headers).some((name) => name === 'authorization' || name === 'x-api-key')).map(place);
    const good = entries.filter(({ response }) => response.status < 400).map(place);
    const bad = entries.filter(({ response }) => response.status >= 400).map(place);
    expect(new Set(takes).size).toBeGreaterThan(3);
    expect([...new Set(takes)].filter((one) => good.includes(one) && !bad.includes(one))).toEqual([]);
  });
});

describe.each(WITNESSES.map(({ id, entries }) => [id, entries] as const))('%s speaks as its witness says', (id, entries) => {
  const bindings: Bindings = new Map();
  let backend: LocalBackend;

  beforeAll(async () => {
    const { tuning, given } = SET_UPS[id] ?? {};
    backend = await startBackend({ realms: [id], dataDir: undefined, port: 0 }, { faultControl: true, ...tuning });
    const { origin } = backend.realm(id);
    bindings.set('origin', origin).set('host', new URL(origin).host);
    await given?.(origin, bindings);
  });
  afterAll(() => backend.stop());

  it.each(entries.map((entry) => [entry.name, entry] as const))('%s', async (_name, { request, response }) => {
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, fill(value, bindings)]));
    const answer = await ask(backend.realm(id).origin, fill(request.path, bindings), {
      method: request.method,
      headers,
      ...(request.body === null ? {} : { body: fill(request.body, bindings) }),
    });
    expect(differences(response, { status: answer.status, headers: answer.headers, body: answer.text }, bindings)).toEqual([]);
  });
});
