import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CredentialAddress, OAuthSession, StoredCredential, StoredKey } from '../../src/model/credentials.ts';
import type { CredentialStore } from '../../src/model/credential-store.ts';
import { Secret } from '../../src/model/secret.ts';

export interface StoreUnderTest {
  readonly store: CredentialStore;
  cleanup(): Promise<void>;
}

/** What every store keeps to, whatever it is made of. `make` gives an empty store, anew for each test. */
export function storeContract(name: string, make: () => Promise<StoreUnderTest>): void {
  describe(`${name} as a store`, () => {
    let made: StoreUnderTest;
    beforeEach(async () => {
      made = await make();
    });
    afterEach(() => made.cleanup());

    it('gives undefined for what was never written', async () => {
      expect(await made.store.read(at('never'))).toBeUndefined();
    });

    it.each([
      ['a session', session('a')],
      ['a session with nothing optional', { ...session('b'), refreshToken: null, revocationEndpoint: null, expiresAt: null, scopes: [] }],
      ['a key', key('plain-key')],
      ['a key with unicode, quotes and line ends', key('g\u00fcn \u{1f511} "quoted" \\ \r\n\t end')],
      ['a key with NUL in it', key('before\u0000after')],
      ['a key of 64 KB', key('k'.repeat(65_536))],
      ['a session of 64 KB of unicode', session('\u00e9'.repeat(32_768))],
    ])('brings back %s', async (_title, credential) => {
      await made.store.write(at('kept'), credential);
      expect(bare(await made.store.read(at('kept')))).toEqual(bare(credential));
    });

    it('replaces what it had: a longer value by a shorter one, and one kind by the other', async () => {
      for (const credential of [session('x'.repeat(9_000)), key('short'), session('again')]) {
        await made.store.write(at('changing'), credential);
        expect(bare(await made.store.read(at('changing')))).toEqual(bare(credential));
      }
    });

    it('deletes once', async () => {
      await made.store.write(at('going'), session('x'.repeat(9_000)));
      expect(await made.store.delete(at('going'))).toBe('deleted');
      expect(await made.store.delete(at('going'))).toBe('absent');
      expect(await made.store.read(at('going'))).toBeUndefined();
    });

    it('keeps addresses apart, however alike their names', async () => {
      const addresses = [
        at('a'),
        at('A'),
        at('a|b'),
        at('a:b'),
        at('a/b'),
        at('a b'),
        at(' a'),
        at('a|parts'),
        at('\u00fc\u{1f511}'),
        at('a', 'https://other.example'),
        at('a', 'https://api.example:8443'),
      ];
      for (const address of addresses) await made.store.write(address, key(`key of ${address.origin} ${address.account}`));
      const found: unknown[] = [];
      for (const address of addresses) found.push(bare(await made.store.read(address)));
      expect(found).toEqual(addresses.map((address) => bare(key(`key of ${address.origin} ${address.account}`))));
      expect(await made.store.delete(at('a'))).toBe('deleted');
      expect(bare(await made.store.read(at('a|b')))).toEqual(bare(key('key of https://api.example a|b')));
    });

    it('takes writes to different addresses at the same time', async () => {
      const accounts = Array.from({ length: 12 }, (_, index) => `parallel-${index}`);
      await Promise.all(accounts.map((account) => made.store.write(at(account), session(account))));
      const found = await Promise.all(accounts.map((account) => made.store.read(at(account))));
      expect(found.map(bare)).toEqual(accounts.map((account) => bare(session(account))));
    });

    it('proves itself without changing what is kept', async () => {
      await made.store.write(at('kept'), key('untouched'));
      await made.store.probe();
      expect(bare(await made.store.read(at('kept')))).toEqual(bare(key('untouched')));
    });
  });
}

function at(account: string, origin = 'https://api.example'): CredentialAddress {
  return { origin, account };
}

function key(value: string): StoredKey {
  return { kind: 'key', key: new Secret(value), obtainedAt: 1_700_000_000_000 };
}

function session(mark: string): OAuthSession {
  return {
    kind: 'oauth',
    issuer: 'https://id.example',
    clientId: 'client',
    tokenEndpoint: 'https://id.example/token',
    revocationEndpoint: 'https://id.example/revoke',
    accessToken: new Secret(`access ${mark}`),
    refreshToken: new Secret(`refresh ${mark}`),
    expiresAt: 1_700_000_600_000,
    scopes: ['read', 'write'],
    obtainedAt: 1_700_000_000_000,
  };
}

/** Two secrets compare equal whatever they hold, since their value is private: this makes them comparable. */
function bare(credential: StoredCredential | undefined): unknown {
  if (credential === undefined) return undefined;
  if (credential.kind === 'key') return { ...credential, key: credential.key.reveal() };
  return { ...credential, accessToken: credential.accessToken.reveal(), refreshToken: credential.refreshToken?.reveal() ?? null };
}
