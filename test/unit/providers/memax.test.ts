import { describe, expect, it } from 'vitest';
import { memax } from '../../../src/providers/memax.ts';
import { providerById, PROVIDERS } from '../../../src/providers/registry.ts';

const DAY = 86_400_000;
const NOW = 1_800_000_000_000;
const request = { name: 'n', scopes: [], agent: null, expiresAt: null };

describe('memax', () => {
  it('is where its vendor says', () => {
    const { id, baseUrl, envPrefix, key } = memax;
    expect({ id, baseUrl, envPrefix, key }).toEqual({
      id: 'memax',
      baseUrl: 'https://api.memax.app',
      envPrefix: 'MEMAX',
      key: { prefix: 'mxk_', alphabet: 'hex', length: 64 },
    });
    expect(memax.authHeader('value')).toEqual(['authorization', 'Bearer value']);
  });

  it('asks for a key with only what was wanted', () => {
    expect(memax.keys.create?.call(request, NOW)).toEqual({ method: 'POST', path: '/v1/auth/api-keys', body: { name: 'n' } });
    expect(memax.keys.create?.call({ name: 'n', scopes: ['read'], agent: 'codex', expiresAt: NOW + 90 * DAY }, NOW)).toEqual({
      method: 'POST',
      path: '/v1/auth/api-keys',
      body: { name: 'n', scopes: ['read'], agent_name: 'codex', expires_in_days: 90 },
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
    [{ error: { code: 'forbidden', message: 'No.' } }, { code: 'forbidden', message: 'No.' }],
    [{ error: { message: 'No.' } }, { code: null, message: 'No.' }],
    [{ error: {} }, { code: null, message: null }],
    [{ error: 'No.' }, { code: null, message: null }],
    [{ error: { code: 7 } }, { code: null, message: null }],
    [undefined, { code: null, message: null }],
    ['<html>', { code: null, message: null }],
  ])('reads an error from %j', (body, error) => {
    expect(memax.readError(body)).toEqual(error);
  });
});

describe('the registry', () => {
  it('knows each provider by an id of its own, and names them where one is unknown', () => {
    expect(new Set(PROVIDERS.map((provider) => provider.id)).size).toBe(PROVIDERS.length);
    for (const provider of PROVIDERS) expect(providerById(provider.id)).toBe(provider);
    expect(() => providerById('nobody')).toThrow('No provider is called "nobody".');
  });

  it('has only providers whose parts fit together', () => {
    for (const { id, baseUrl, envPrefix, key } of PROVIDERS) {
      expect([id, /^[a-z][a-z0-9-]*$/.test(id), /^[A-Z][A-Z0-9_]*$/.test(envPrefix), new URL(baseUrl).origin === baseUrl, key.length >= 16]).toEqual([
        id,
        true,
        true,
        true,
        true,
      ]);
    }
  });
});
