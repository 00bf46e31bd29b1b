import { describe, expect, it } from 'vitest';

import { createManyRequestsHttp } from '../../../src/adapters/http/many-requests.ts';
import { serverOf } from '../../../src/flows/issuer.ts';
import type { OAuthSession } from '../../../src/model/credentials.ts';
import type { Http } from '../../../src/model/http.ts';
import { Secret } from '../../../src/model/secret.ts';
import { beginAuthorization, completeAuthorization } from '../../../src/oauth/authorization.ts';
import { prepareClient } from '../../../src/oauth/server.ts';
import { refresh, type RefreshOutcome } from '../../../src/oauth/token-endpoint.ts';
import { memax } from '../../../src/providers/memax.ts';
import { fill, fillWithSamples, type Bindings, type WireEntry } from '../../support/wire.ts';
import { witnesses } from '../../support/witnesses.ts';
import { failureOf, testWorld } from '../http/worlds.ts';
import { playWitness, type PlayedWitness } from './played-witness.ts';
import { sampleBindings } from './samples.ts';

const ENTRIES = witnesses().find(({ id }) => id === 'memax')?.entries ?? [];
const METADATA = 'metadata of the authorization server (D)';
/** As the witness has it; a sign-in takes any port that is free. */
const REDIRECT = 'http://127.0.0.1:49152/callback';
const NOW = 1_767_225_600_000;

function entries(...names: readonly string[]): readonly WireEntry[] {
  return names.map((name) => {
    const found = ENTRIES.find((entry) => entry.name === name);
    if (found === undefined) throw new Error(`There is no entry "${name}".`);
    return found;
  });
}

interface Scene {
  readonly witness: PlayedWitness;
  readonly http: Http;
  readonly bindings: Bindings;
  readonly session: OAuthSession;
}

async function scene(played: readonly WireEntry[]): Promise<Scene> {
  const bindings = sampleBindings(ENTRIES);
  const witness = await playWitness(played, bindings);
  const session: OAuthSession = {
    kind: 'oauth',
    issuer: `${witness.origin}/`,
    clientId: fill('{{token.client}}', bindings),
    tokenEndpoint: `${witness.origin}/oauth/token`,
    revocationEndpoint: null,
    accessToken: new Secret('the-access-token-of-before'),
    refreshToken: null,
    expiresAt: NOW,
    scopes: ['memax:read', 'memax:write'],
    obtainedAt: NOW,
  };
  return { witness, http: createManyRequestsHttp(testWorld().world), bindings, session };
}

const prepared = ({ http, witness }: Scene) =>
  prepareClient(
    http,
    serverOf({ provider: memax, baseUrl: witness.origin, origin: witness.origin, project: null }),
    { kind: 'redirect', redirectUri: REDIRECT },
    ['memax:read', 'memax:write'],
  );

const refreshed = ({ http, session, bindings }: Scene, token: string): Promise<RefreshOutcome> =>
  refresh(http, session, new Secret(fill(token, bindings)), () => NOW);

describe('the requests of a sign-in at memax', () => {
  it('registers as the witness has it', async () => {
    const played = await scene(entries(METADATA, 'register a client (D)'));
    const config = await prepared(played);
    expect(config.clientMetadata().client_id).toBe(fillWithSamples('{{token}}'));
    expect(config.serverMetadata()).toMatchObject({ issuer: played.witness.origin, token_endpoint: `${played.witness.origin}/oauth/token` });
    expect([played.witness.differences, played.witness.requests]).toEqual([[], 2]);
  });

  it('goes no further where the server does not register it', async () => {
    const [metadata, good, bad] = entries(METADATA, 'register a client (D)', 'register without a name (D)');
    if (metadata === undefined || good === undefined || bad === undefined) throw new Error('the witness lacks an entry');
    // Our registration has a name, and so meets this answer for another reason.
    const played = await scene([metadata, { ...good, response: bad.response }]);
    expect(await failureOf(prepared(played))).toMatchObject({
      code: 'refused',
      detail: expect.stringContaining('the server says invalid_client_metadata: Some words.') as string,
    });
    expect([played.witness.differences, played.witness.requests]).toEqual([[], 2]);
  });

  it('changes a code as the witness has it, and says that the server does not take it', async () => {
    const played = await scene(entries(METADATA, 'register a client (D)', 'change a code that nobody issued'));
    const code = 'nobody-ever-issued-this-one';
    // The client and the verifier of the witness are those of another sign-in than the one that is registered here.
    played.bindings.set('token.bad', code).set('token.client', fillWithSamples('{{token}}'));
    const config = await prepared(played);
    const authorization = await beginAuthorization(
      config,
      { redirectUri: REDIRECT, scopes: memax.oauth.scopes, scopeSeparator: ' ', binding: 'bearer' },
      { token: () => 'a'.repeat(43), fraction: () => 0 },
    );
    const redirect = new URL(REDIRECT);
    redirect.search = new URLSearchParams({ code, state: authorization.state, iss: played.witness.origin }).toString();
    const failure = await failureOf(completeAuthorization(played.http, authorization, redirect, () => NOW));
    expect(failure).toMatchObject({ code: 'refused', detail: expect.stringContaining('the server says invalid_grant: Some words.') as string });
    expect([played.witness.differences, played.witness.requests]).toEqual([[], 3]);
  });
});

describe('the refresh of a session at memax', () => {
  it('sends what the witness has, and takes the new tokens', async () => {
    const played = await scene(entries('refresh, and the token rotates (S)'));
    const outcome = await refreshed(played, '{{token.refresh}}');
    if (outcome.kind !== 'refreshed') throw new Error(outcome.kind);
    const { accessToken, refreshToken, ...rest } = outcome.session;
    expect([accessToken.reveal(), refreshToken?.reveal()]).toEqual(['{{token.access}}', '{{token.rotated}}'].map((text) => fill(text, played.bindings)));
    expect(rest).toMatchObject({ expiresAt: NOW + 3_600_000, scopes: ['memax:read', 'memax:write'], obtainedAt: NOW });
    expect([played.witness.differences, played.witness.requests]).toEqual([[], 1]);
  });

  it('knows a token that the server no longer takes', async () => {
    const played = await scene(entries('refresh with a token that nobody issued'));
    expect(await refreshed(played, '{{token.bad}}')).toEqual({ kind: 'grant-ended' });
    expect([played.witness.differences, played.witness.requests]).toEqual([[], 1]);
  });
});
