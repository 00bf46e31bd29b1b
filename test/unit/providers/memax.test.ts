import { describe, expect, it } from 'vitest';
import { memax as definition } from '../../../src/providers/memax.ts';
import { credentialHeaders } from '../../../src/providers/credential-kind.ts';
import type { Provider } from '../../../src/providers/provider.ts';

const memax: Provider = definition;
const DAY = 86_400_000;
const NOW = 1_800_000_000_000;
const request = { name: 'n', scopes: [], agent: null, hubs: [], trust: null, expiresAt: null };

describe('memax', () => {
  it('is where its vendor says', () => {
    const { id, baseUrl, envPrefix, credentials } = memax;
    expect({ id, baseUrl, envPrefix, key: credentials[0].looks }).toEqual({
      id: 'memax',
      baseUrl: 'https://api.memax.app',
      envPrefix: 'MEMAX',
      key: { prefix: 'mxk_', alphabet: 'hex', length: 64 },
    });
    expect(credentialHeaders(memax, 'value', null)).toEqual([['authorization', 'Bearer value']]);
  });

  it('asks for a key with only what was wanted', () => {
    expect(memax.keys.create?.call(request, NOW)).toEqual({ method: 'POST', path: '/v1/auth/api-keys', body: { name: 'n' } });
    expect(memax.keys.create?.call({ name: 'n', scopes: ['read'], agent: 'codex', hubs: ['h'], trust: 'standard', expiresAt: NOW + 90 * DAY }, NOW)).toEqual({
      method: 'POST',
      path: '/v1/auth/api-keys',
      body: { name: 'n', scopes: ['read'], agent_name: 'codex', expires_in_days: 90, hub_ids: ['h'], trust_level: 'standard' },
    });
  });

  it.each([
    [1, 1],
    [DAY, 1],
    [DAY + 1, 2],
    [12 * 3_600_000, 1],
    [3650 * DAY, 3650],
  ])('counts %i ms as %i days, never as less than was asked', (span, days) => {
    expect(memax.keys.create?.call({ ...request, expiresAt: NOW + span }, NOW).body).toEqual({ name: 'n', expires_in_days: days });
  });

  it('keeps an id inside its segment of the path', () => {
    expect(memax.keys.revoke?.call('a/../b?c#d').path).toBe('/v1/auth/api-keys/a%2F..%2Fb%3Fc%23d');
  });

  it.each([
    [{ revoked: true }, { id: 'k', kind: 'revoked' }],
    [
      { revoked: true, skipped: null },
      { id: 'k', kind: 'revoked' },
    ],
    [
      { revoked: false, skipped: [{ id: 'k', reason: 'not_found' }] },
      { id: 'k', kind: 'already-gone' },
    ],
    [
      {
        revoked: false,
        skipped: [
          { id: 'other', reason: 'not_found' },
          { id: 'k', reason: 'revoke_failed' },
        ],
      },
      { id: 'k', kind: 'failed', why: 'revoke_failed' },
    ],
    [
      { revoked: false, skipped: [] },
      { id: 'k', kind: 'failed', why: 'no reason given' },
    ],
    [{ revoked: false }, { id: 'k', kind: 'failed', why: 'no reason given' }],
  ])('reads what became of a key from %j', (data, outcome) => {
    expect(memax.keys.revoke?.read('k', { data })).toEqual(outcome);
  });

  it.each([
    [{ error: { code: 'forbidden', message: 'No.' } }, { code: 'forbidden', message: 'No.', requestId: null }],
    [{ error: { message: 'No.' } }, { code: null, message: 'No.', requestId: null }],
    [{ error: {} }, { code: null, message: null, requestId: null }],
    [{ error: 'No.' }, { code: null, message: null, requestId: null }],
    [{ error: { code: 7 } }, { code: null, message: null, requestId: null }],
    [undefined, { code: null, message: null, requestId: null }],
    ['<html>', { code: null, message: null, requestId: null }],
  ])('reads an error from %j', (body, error) => {
    expect(memax.readError(body)).toEqual(error);
  });
});
