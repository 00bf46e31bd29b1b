import { describe, expect, it } from 'vitest';

import { createOneRequestHttp } from '../../../src/adapters/http/one-request.ts';
import type { Access } from '../../../src/api/access.ts';
import { fixedAuthority } from '../../../src/api/authority.ts';
import { Failure, isFailure } from '../../../src/model/failure.ts';
import type { Http } from '../../../src/model/http.ts';
import { Secret } from '../../../src/model/secret.ts';
import type { Provider } from '../../../src/providers/provider.ts';
import { PROVIDERS } from '../../../src/providers/registry.ts';
import type { WireEntry } from '../../support/wire.ts';
import { witnesses } from '../../support/witnesses.ts';
import { ENGINES, failureOf, testWorld } from '../http/worlds.ts';
import { agntix } from './agntix.ts';
import { make, OPERATIONS, type Operation, type OurCall } from './calls.ts';
import { fails, gives, NOW, type Bad, type Exchange, type Good } from './exchanges.ts';
import { memax } from './memax.ts';
import { minds } from './minds.ts';
import { playWitness } from './played-witness.ts';
import { reminix } from './reminix.ts';
import { filled, sampleBindings } from './samples.ts';

/** Which call of ours belongs to which entry of which witness. */
const TABLE: Readonly<Record<string, readonly Exchange[]>> = { memax, minds, reminix, agntix };

const WITNESSES = new Map(witnesses().map(({ id, entries }) => [id, entries]));

/** What the client takes for good although the status says otherwise: proved all the same, not to be proved, gone already. */
const MILD: ReadonlySet<string> = new Set(['identity 403', 'identity 404', 'keys.revoke 404', 'clientTokens.revoke 404']);

const operations = Object.keys(OPERATIONS) as readonly Operation[];

function entryOf(provider: Provider, name: string): WireEntry {
  const [found, ...more] = (WITNESSES.get(provider.id) ?? []).filter((entry) => entry.name === name);
  if (found === undefined || more.length > 0)
    throw new Error(`The witness of ${provider.id} has ${found === undefined ? 'no' : 'more than one'} entry "${name}".`);
  return found;
}

/** The failure of a credential that is no longer good says the server's words and nothing else. */
function accessTo(provider: Provider, origin: string, credential: string, project: string | null, http: Http): Access {
  const authority = fixedAuthority(new Secret(credential), (words) => new Failure('session-ended', { detail: words }));
  return { http, target: { provider, baseUrl: origin, origin, project }, authority, heard: () => undefined };
}

async function outcomeOf(work: Promise<unknown>): Promise<Good | Bad> {
  try {
    return gives(await work);
  } catch (thrown) {
    if (!isFailure(thrown)) throw thrown;
    return fails(thrown.code, thrown.detail, thrown.hint);
  }
}

describe('registry, witnesses and the table of our calls', () => {
  it('are about the same providers', () => {
    const ids = PROVIDERS.map(({ id }) => id);
    expect(Object.keys(TABLE)).toEqual(ids);
    expect([...WITNESSES.keys()]).toEqual(ids.toSorted());
  });

  it.each(PROVIDERS.map((provider) => [provider.id, provider] as const))('%s has every call that it can, in good and in bad, and no other', (id, provider) => {
    const outcomes = (op: Operation): readonly string[] =>
      [...new Set((TABLE[id] ?? []).filter((exchange) => exchange.call.op === op).map((exchange) => exchange.outcome.kind))].toSorted();
    const expected = operations.map((op) => [op, OPERATIONS[op](provider) === null ? [] : ['bad', 'good']]);
    expect(operations.map((op) => [op, outcomes(op)])).toEqual(expected);
  });

  it.each(PROVIDERS.map((provider) => [provider.id, provider] as const))('%s has each entry of its witness once at most', (id, provider) => {
    const names = (TABLE[id] ?? []).map(({ entry }) => entryOf(provider, entry).name);
    expect(names).toEqual([...new Set(names)]);
  });

  it.each(PROVIDERS.map((provider) => [provider.id, provider] as const))(
    '%s says in its witness that a call of ours went well where the table does',
    (id, provider) => {
      const taken = (TABLE[id] ?? []).filter(({ entry, outcome }) => outcome.kind === 'good' && entryOf(provider, entry).response.status >= 400);
      expect(
        taken.map(({ call, entry }) => [call.op, entryOf(provider, entry).response.status]).filter(([op, status]) => !MILD.has(`${op} ${status}`)),
      ).toEqual([]);
      const broken = (TABLE[id] ?? []).filter(({ entry, outcome }) => outcome.kind === 'bad' && entryOf(provider, entry).response.status < 400);
      expect(broken).toEqual([]);
    },
  );
});

describe.each(PROVIDERS.map((provider) => [provider.id, provider] as const))('our calls of %s', (id, provider) => {
  describe.each(TABLE[id] ?? [])('$entry', (exchange) => {
    it.each(ENGINES)('is sent and read as the witness has it, by the engine for %s', async (_engine, create) => {
      const bindings = sampleBindings(WITNESSES.get(id) ?? []);
      const { tries = 1, outcome } = exchange;
      const witness = await playWitness(
        Array.from({ length: tries }, () => entryOf(provider, exchange.entry)),
        bindings,
      );
      const fill = <T>(value: T): T => filled(value, bindings);
      const http = create(testWorld().world);
      const work = make(fill(exchange.call), accessTo(provider, witness.origin, fill(exchange.with), fill(exchange.project ?? null), http), NOW);
      expect(await outcomeOf(work)).toEqual(fill(outcome));
      await http.close();
      expect(witness.differences).toEqual([]);
      expect(witness.requests).toBe(tries);
    });
  });
});

/** A call with something in every place. */
const ANY: Readonly<Record<Operation, OurCall>> = {
  identity: { op: 'identity' },
  'keys.create': { op: 'keys.create', key: { name: 'ci' } },
  'keys.list': { op: 'keys.list' },
  'keys.revoke': { op: 'keys.revoke', id: 'key_1' },
  'clientTokens.create': { op: 'clientTokens.create', token: {} },
  'clientTokens.show': { op: 'clientTokens.show' },
  'clientTokens.revoke': { op: 'clientTokens.revoke', id: 'ct_1' },
};

const CANNOT = PROVIDERS.flatMap((provider) => operations.filter((op) => OPERATIONS[op](provider) === null).map((op) => [provider.id, op, provider] as const));

describe('what a provider cannot do', () => {
  it.each(CANNOT)('%s: %s is refused and nothing is sent', async (_id, op, provider) => {
    const witness = await playWitness([], new Map());
    const access = accessTo(provider, witness.origin, 'a-credential-of-no-kind', null, createOneRequestHttp(testWorld().world));
    expect((await failureOf(make(ANY[op], access, NOW))).code).toBe('usage');
    expect(witness.requests).toBe(0);
  });

  it('a personal access token without a project is refused and nothing is sent', async () => {
    const provider = PROVIDERS.find(({ id }) => id === 'reminix');
    if (provider === undefined) throw new Error('there is no reminix');
    const witness = await playWitness([], new Map());
    const access = accessTo(provider, witness.origin, `reminix_pat_${'p'.repeat(43)}`, null, createOneRequestHttp(testWorld().world));
    for (const op of ['identity', 'clientTokens.create', 'clientTokens.revoke'] as const)
      expect((await failureOf(make(ANY[op], access, NOW))).code).toBe('usage');
    expect(witness.requests).toBe(0);
  });
});
