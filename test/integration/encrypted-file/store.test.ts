import { execFileSync } from 'node:child_process';
import { createCipheriv, createHash, randomBytes } from 'node:crypto';
import { appendFile, chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compactDecrypt, CompactEncrypt } from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createClock } from '../../../src/adapters/clock.ts';
import { createEncryptedFileStore } from '../../../src/adapters/encrypted-file/store.ts';
import { createLock } from '../../../src/adapters/lock/lock.ts';
import { createRandom } from '../../../src/adapters/random.ts';
import type { CredentialStore } from '../../../src/model/credential-store.ts';
import type { Env } from '../../../src/model/env.ts';
import { isFailure } from '../../../src/model/failure.ts';
import { Secret } from '../../../src/model/secret.ts';
import { describeWith } from '../../support/requires.ts';

const HEX_KEY = '0123456789abcdef'.repeat(4);
const BASE64URL_KEY = Buffer.from(HEX_KEY, 'hex').toString('base64url');
const MARK = 'SECRET-7f3a-value';
const at = (account: string) => ({ origin: 'https://api.example', account });
const key = (value: string) => ({ kind: 'key', key: new Secret(value), obtainedAt: 1_700_000_000_000 }) as const;

let home: string;
let dir: string;
let path: string;
let questions: number;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'kw-store-'));
  dir = join(home, 'data');
  path = join(dir, 'credentials.jwe');
  questions = 0;
});
afterEach(() => rm(home, { recursive: true, force: true }));

function open(env: Env = {}, options: { answer?: string; uid?: number } = {}): CredentialStore {
  const random = createRandom();
  const { answer } = options;
  return createEncryptedFileStore({
    dir,
    env,
    uid: options.uid ?? process.getuid?.() ?? null,
    random,
    lock: createLock({ dir: join(home, '.keywright', 'locks'), clock: createClock(), random, platform: process.platform }),
    askPassphrase:
      answer === undefined
        ? undefined
        : () => {
            questions += 1;
            return Promise.resolve(answer);
          },
  });
}

async function value(store: CredentialStore, account = 'a'): Promise<string | undefined> {
  const found = await store.read(at(account));
  return found?.kind === 'key' ? found.key.reveal() : undefined;
}

async function header(): Promise<unknown> {
  return JSON.parse(Buffer.from((await readFile(path, 'utf8')).split('.')[0] ?? '', 'base64url').toString());
}

describe('a store with a key', () => {
  it('is one file for us alone, with a key file made by the first write, and no secret in the clear', async () => {
    const store = open();
    expect(await store.read(at('a'))).toBeUndefined();
    expect(await store.delete(at('a'))).toBe('absent');
    expect(await readdir(home)).toEqual([]);
    await store.write(at('a'), key(MARK));
    expect((await readdir(dir)).sort()).toEqual(['credentials.jwe', 'store.key']);
    for (const name of ['credentials.jwe', 'store.key']) {
      expect((await stat(join(dir, name))).mode & 0o777).toBe(0o600);
      expect(await readFile(join(dir, name), 'utf8')).not.toContain(MARK);
    }
    expect((await stat(dir)).mode & 0o777).toBe(0o700);
    expect(await value(open())).toBe(MARK);
    expect(await header()).toEqual({
      alg: 'dir',
      enc: 'A256GCM',
      typ: 'keywright-store',
      keywright_format: 1,
      kid: expect.stringMatching(/^[A-Za-z0-9_-]{16}$/),
    });
  });

  it('takes the key from the variable before the credential of a unit before the key file', async () => {
    const unit = join(home, 'unit');
    await mkdir(unit);
    await writeFile(join(unit, 'keywright-store-key'), Buffer.alloc(32, 7));
    await open({ KEYWRIGHT_STORE_KEY: HEX_KEY, CREDENTIALS_DIRECTORY: unit, KEYWRIGHT_STORE_PASSPHRASE: 'unused' }).write(at('a'), key('one'));
    expect(await readdir(dir)).toEqual(['credentials.jwe']);
    expect(await value(open({ KEYWRIGHT_STORE_KEY: BASE64URL_KEY }))).toBe('one');
    await expect(value(open({ CREDENTIALS_DIRECTORY: unit }))).rejects.toMatchObject({
      code: 'keychain-locked',
      detail: expect.stringContaining(join(unit, 'keywright-store-key')),
    });

    await rm(path);
    await open({ CREDENTIALS_DIRECTORY: unit }).write(at('a'), key('two'));
    expect(await readdir(dir)).toEqual(['credentials.jwe']);
    expect(await value(open({ KEYWRIGHT_STORE_KEY: '07'.repeat(32) }))).toBe('two');
    // A unit without our credential goes on to the key file.
    await rm(path);
    await rm(join(unit, 'keywright-store-key'));
    await open({ CREDENTIALS_DIRECTORY: unit }).write(at('a'), key('three'));
    expect((await readdir(dir)).sort()).toEqual(['credentials.jwe', 'store.key']);
  });

  it('is a JWE that jose opens, and opens the one that jose writes', async () => {
    const store = open({ KEYWRIGHT_STORE_KEY: HEX_KEY });
    await store.write(at('a'), key(MARK));
    const bytes = Buffer.from(HEX_KEY, 'hex');
    const { plaintext, protectedHeader } = await compactDecrypt(await readFile(path, 'utf8'), bytes);
    expect(Buffer.from(plaintext).toString()).toContain(MARK);
    await writeFile(path, await new CompactEncrypt(plaintext).setProtectedHeader(protectedHeader).encrypt(bytes));
    expect(await value(store)).toBe(MARK);
  });

  it.each(['short', 'g'.repeat(64), HEX_KEY.slice(1), `${BASE64URL_KEY}A`])('says how to make a key when the variable holds none (%s)', async (text) => {
    await expect(open({ KEYWRIGHT_STORE_KEY: text }).write(at('a'), key(MARK))).rejects.toMatchObject({
      code: 'usage',
      hint: 'Make one: openssl rand -hex 32',
    });
    const failure = await open({ KEYWRIGHT_STORE_KEY: text })
      .probe()
      .catch((error: unknown) => error);
    expect(isFailure(failure) && !failure.message.includes(text)).toBe(true);
    expect(await readdir(dir)).toEqual([]);
  });

  it('is locked, not empty, with another key or none', async () => {
    await open().write(at('a'), key(MARK));
    const wrong = open({ KEYWRIGHT_STORE_KEY: HEX_KEY });
    const before = await readFile(path);
    for (const attempt of [() => wrong.read(at('a')), () => wrong.write(at('b'), key('x')), () => wrong.delete(at('a')), () => wrong.probe()]) {
      await expect(attempt()).rejects.toMatchObject({
        code: 'keychain-locked',
        detail: `The file store ${path} was encrypted with another key than the one from KEYWRIGHT_STORE_KEY.`,
      });
    }
    await rm(join(dir, 'store.key'));
    await expect(open().read(at('a'))).rejects.toMatchObject({ code: 'keychain-locked', detail: `The file store ${path} needs its key, and there is none.` });
    await expect(open().write(at('b'), key('x'))).rejects.toMatchObject({ code: 'keychain-locked' });
    expect(await readFile(path)).toEqual(before);
    expect(await readdir(dir)).toEqual(['credentials.jwe']);
  });

  it('does not use a key file that others can read, that is a link, not ours, or no key', async () => {
    await open().write(at('a'), key(MARK));
    const keyFile = join(dir, 'store.key');
    const unusable = (detail: string) =>
      expect(open().read(at('a'))).rejects.toMatchObject({ code: 'keychain-unavailable', detail: `The key file of the file store, ${keyFile}, ${detail}.` });
    await chmod(keyFile, 0o640);
    await unusable('can be read by other users');
    await chmod(keyFile, 0o604);
    await unusable('can be read by other users');
    await chmod(keyFile, 0o600);
    await expect(open({}, { uid: 54321 }).read(at('a'))).rejects.toMatchObject({
      code: 'keychain-unavailable',
      detail: expect.stringContaining('belongs to another user'),
    });
    await rename(keyFile, join(home, 'moved'));
    await symlink(join(home, 'moved'), keyFile);
    await unusable('is a link');
    await rm(keyFile);
    await writeFile(keyFile, 'nonsense', { mode: 0o600 });
    await unusable('does not hold a key');
    await rm(keyFile);
    await rename(join(home, 'moved'), keyFile);
    expect(await value(open())).toBe(MARK);
  });
});

describe('a store with a passphrase', () => {
  it('is made by the variable, told by its header, and opened by the variable or by one question', async () => {
    await open({ KEYWRIGHT_STORE_PASSPHRASE: 'g\u00fcnstig' }).write(at('a'), key(MARK));
    expect(await readdir(dir)).toEqual(['credentials.jwe']);
    expect(await header()).toEqual({
      alg: 'PBES2-HS512+A256KW',
      enc: 'A256GCM',
      typ: 'keywright-store',
      keywright_format: 1,
      p2c: 210_000,
      p2s: expect.stringMatching(/^[A-Za-z0-9_-]{20,}$/),
    });
    // The same word, typed with a combining accent.
    const asked = open({ KEYWRIGHT_STORE_KEY: HEX_KEY }, { answer: 'gu\u0308nstig' });
    expect(await value(asked)).toBe(MARK);
    await asked.write(at('b'), key('b'));
    expect(await value(asked, 'b')).toBe('b');
    expect(questions).toBe(1);
    expect(await header()).toMatchObject({ alg: 'PBES2-HS512+A256KW' });
    await asked.probe();
    expect(await readdir(dir)).toEqual(['credentials.jwe']);
  }, 60_000);

  it('is locked with a wrong passphrase, an empty one, or none', async () => {
    await open({ KEYWRIGHT_STORE_PASSPHRASE: 'right' }).write(at('a'), key(MARK));
    await expect(open({ KEYWRIGHT_STORE_PASSPHRASE: 'wrong' }).read(at('a'))).rejects.toMatchObject({
      code: 'keychain-locked',
      detail: `The file store ${path} does not open with this passphrase, or is damaged.`,
    });
    await expect(open({ KEYWRIGHT_STORE_PASSPHRASE: 'wrong' }).write(at('a'), key('x'))).rejects.toMatchObject({ code: 'keychain-locked' });
    await expect(open({}, { answer: '' }).read(at('a'))).rejects.toMatchObject({ code: 'keychain-locked' });
    await expect(open().read(at('a'))).rejects.toMatchObject({
      code: 'keychain-locked',
      detail: `The file store ${path} needs its passphrase, and nobody can be asked.`,
    });
    expect(await value(open({ KEYWRIGHT_STORE_PASSPHRASE: 'right' }))).toBe(MARK);
  }, 60_000);

  it('does not hash for ever because a file says so', async () => {
    const text = await new CompactEncrypt(new TextEncoder().encode('{"v":1,"entries":{}}'))
      .setProtectedHeader({ alg: 'PBES2-HS512+A256KW', enc: 'A256GCM', typ: 'keywright-store', keywright_format: 1 })
      .setKeyManagementParameters({ p2c: 1_000_001 })
      .encrypt(new TextEncoder().encode('x'));
    await mkdir(dir);
    await writeFile(path, text);
    await expect(open({ KEYWRIGHT_STORE_PASSPHRASE: 'x' }).read(at('a'))).rejects.toMatchObject({
      code: 'keychain-unavailable',
      detail: expect.stringContaining('1000001 rounds'),
    });
  }, 60_000);
});

describe('a store file that is not as it was written', () => {
  it('never reads as empty or as something else, whichever byte is flipped', async () => {
    const store = open();
    await store.write(at('a'), key(MARK));
    const whole = await readFile(path);
    const outcomes = new Set<string>();
    for (let index = 0; index < whole.length; index += 1) {
      const spoilt = Buffer.from(whole);
      spoilt[index] = (spoilt[index] ?? 0) ^ (1 << (index % 7));
      await writeFile(path, spoilt);
      outcomes.add(
        await value(store).then(
          (found) => `READ ${found}`,
          (error: unknown) => (isFailure(error) ? error.code : String(error)),
        ),
      );
    }
    // A key id that changed is another key's.
    expect([...outcomes].sort()).toEqual(['keychain-locked', 'keychain-unavailable']);
  }, 60_000);

  it('is refused where one value has a second text, or a part another length', async () => {
    const store = open();
    await store.write(at('a'), key(MARK));
    const whole = await readFile(path, 'utf8');
    const [header = '', wrapped = '', vector = '', sealed = '', tag = ''] = whole.split('.');
    // A tag has 16 bytes, so four bits of its last character mean nothing: the next letters of the alphabet decode to the same bytes.
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const next = alphabet.charAt(alphabet.indexOf(tag.slice(-1)) + 1);
    expect(Buffer.from(tag.slice(0, -1) + next, 'base64url')).toEqual(Buffer.from(tag, 'base64url'));
    const spoilt = [
      [header, wrapped, vector, sealed, tag.slice(0, -1) + next],
      [header, wrapped, vector, sealed, `${tag}==`],
      [header, wrapped, `${vector.slice(0, 3)} ${vector.slice(3)}`, sealed, tag],
      [header, wrapped, vector, `${sealed}*`, tag],
      [header, vector, vector, sealed, tag],
      [header, wrapped, `${vector}AAAA`, sealed, tag],
      [header, wrapped, vector.slice(0, 12), sealed, tag],
      [header, wrapped, vector, '', tag],
      // A shorter tag is easier to guess; AES-GCM itself would take it (NIST SP 800-38D, section 5.2.1.2).
      [header, wrapped, vector, sealed, Buffer.from(tag, 'base64url').subarray(0, 12).toString('base64url')],
      [header, wrapped, vector, sealed, Buffer.from(tag, 'base64url').subarray(0, 4).toString('base64url')],
    ];
    for (const parts of spoilt) {
      await writeFile(path, parts.join('.'));
      await expect(store.read(at('a'))).rejects.toMatchObject({
        code: 'keychain-unavailable',
        detail: `The file store ${path} is damaged: its content is not what was written.`,
      });
    }
    await writeFile(path, `${whole}\n`);
    expect(await value(store)).toBe(MARK);
  });

  it('is told apart: cut off, empty, foreign, of a newer keywright, a folder', async () => {
    const store = open();
    await store.write(at('a'), key(MARK));
    const whole = await readFile(path, 'utf8');
    const [, ...rest] = whole.split('.');
    const withHeader = (fields: unknown) => [Buffer.from(JSON.stringify(fields)).toString('base64url'), ...rest].join('.');
    const told = async (text: string): Promise<unknown> => {
      await writeFile(path, text);
      return store.read(at('a')).then(
        () => 'read',
        (error: unknown) => (isFailure(error) ? `${error.code}: ${error.detail}` : error),
      );
    };
    const start = `keychain-unavailable: The file store ${path}`;
    expect(await told(whole.slice(0, 60))).toBe(`${start} is damaged: it is cut off, or was never a store.`);
    expect(await told(whole.slice(0, -10))).toBe(`${start} is damaged: its content is not what was written.`);
    expect(await told('')).toBe(`${start} is damaged: it is empty.`);
    expect(await told('{"token":"x"}')).toBe(`${start} is damaged: it is cut off, or was never a store.`);
    expect(await told(withHeader({ alg: 'dir', enc: 'A256GCM' }))).toBe(`${start} is damaged: its header does not say that it is a store.`);
    expect(await told(withHeader({ typ: 'keywright-store', keywright_format: 2 }))).toBe(
      `${start} was written by a newer keywright (format 2; this one reads format 1).`,
    );
    expect(await told(withHeader({ typ: 'keywright-store', keywright_format: 1, enc: 'A256GCM', alg: 'none' }))).toBe(
      `${start} is damaged: its header names no known way to open it.`,
    );
    await expect(store.write(at('b'), key('x'))).rejects.toMatchObject({ code: 'keychain-unavailable' });
    expect((await readFile(path, 'utf8')).startsWith(withHeader({ typ: 'keywright-store', keywright_format: 1, enc: 'A256GCM', alg: 'none' }))).toBe(true);
    await rm(path);
    await mkdir(path);
    await expect(store.read(at('a'))).rejects.toMatchObject({ code: 'keychain-unavailable', detail: `The file store ${path} cannot be read (EISDIR).` });
  });

  it('cannot be swapped for another file of the same key with another form of content', async () => {
    const store = open({ KEYWRIGHT_STORE_KEY: HEX_KEY });
    const seal = async (payload: string, more: object = {}): Promise<void> => {
      const kid = createHash('sha256').update('keywright store key id\n').update(Buffer.from(HEX_KEY, 'hex')).digest('base64url').slice(0, 16);
      const header = Buffer.from(JSON.stringify({ alg: 'dir', enc: 'A256GCM', typ: 'keywright-store', keywright_format: 1, kid, ...more })).toString(
        'base64url',
      );
      // Not by jose, which does not write what a header of its own asks for.
      const vector = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', Buffer.from(HEX_KEY, 'hex'), vector).setAAD(Buffer.from(header));
      const sealed = Buffer.concat([cipher.update(payload), cipher.final()]);
      await writeFile(path, [header, '', ...[vector, sealed, cipher.getAuthTag()].map((part) => part.toString('base64url'))].join('.'));
    };
    await mkdir(dir);
    for (const payload of ['null', '[]', 'no', '{"v":1}', '{"v":2,"entries":{}}', '{"v":1,"entries":{"x":1}}', '{"v":1,"entries":[]}']) {
      await seal(payload);
      await expect(store.read(at('a'))).rejects.toMatchObject({ code: 'keychain-unavailable', detail: expect.stringContaining('is damaged') });
    }
    await seal('{"v":1,"entries":{}}');
    expect(await store.read(at('a'))).toBeUndefined();
    // What a header asks for that is not done here (RFC 7516, sections 4.1.3 and 4.1.13), with the right key.
    for (const more of [{ zip: 'DEF' }, { crit: ['exp'], exp: 1 }, { later: true }]) {
      await seal('{"v":1,"entries":{}}', more);
      await expect(store.read(at('a'))).rejects.toMatchObject({
        code: 'keychain-unavailable',
        detail: `The file store ${path} is damaged: its header holds more than is known.`,
      });
    }
  });
});

describeWith(['mkfifo'], 'a pipe in place of the file or its key', () => {
  it('is not waited for', async () => {
    await open().write(at('a'), key(MARK));
    await rm(path);
    execFileSync('mkfifo', [path]);
    await expect(open().read(at('a'))).rejects.toMatchObject({ code: 'keychain-unavailable', detail: `The file store ${path} is damaged: it is empty.` });
    await rm(path);
    await open().write(at('a'), key(MARK));
    await rm(join(dir, 'store.key'));
    execFileSync('mkfifo', ['-m', '600', join(dir, 'store.key')]);
    await expect(open().read(at('a'))).rejects.toMatchObject({ code: 'keychain-unavailable', detail: expect.stringContaining('is not a file') });
  });
});

describe('a probe', () => {
  it('finds out that the key file is no good, also before there is a store', async () => {
    await mkdir(dir);
    await writeFile(join(dir, 'store.key'), BASE64URL_KEY, { mode: 0o600 });
    await open().probe();
    await chmod(join(dir, 'store.key'), 0o640);
    await expect(open().probe()).rejects.toMatchObject({ code: 'keychain-unavailable' });
    expect(await readdir(dir)).toEqual(['store.key']);
  });

  it('leaves nothing where nothing was, and finds out that nothing could be written', async () => {
    await open().probe();
    expect(await readdir(dir)).toEqual([]);
    await open().write(at('a'), key(MARK));
    await mkdir(`${path}.probe`);
    await appendFile(join(`${path}.probe`, 'in-the-way'), '');
    await expect(open().probe()).rejects.toMatchObject({ code: 'keychain-unavailable' });
    await rm(dir, { recursive: true });
    await writeFile(dir, '');
    await expect(open().probe()).rejects.toMatchObject({ code: 'keychain-unavailable', detail: expect.stringContaining(path) });
    await expect(open().read(at('a'))).rejects.toMatchObject({ code: 'keychain-unavailable' });
  });

  it('finds out that the lock could not be had', async () => {
    await mkdir(join(home, '.keywright', 'locks'), { recursive: true, mode: 0o755 });
    await chmod(join(home, '.keywright', 'locks'), 0o755);
    await expect(open().probe()).rejects.toMatchObject({ code: 'refused' });
  });
});

describe('litter of killed writers', () => {
  it('is removed by the next write', async () => {
    await open().write(at('a'), key(MARK));
    for (const name of ['credentials.jwe.x.tmp', 'store.key.y.tmp', 'credentials.jwe.probe', 'other.tmp']) await writeFile(join(dir, name), 'x');
    await open().write(at('b'), key('b'));
    expect((await readdir(dir)).sort()).toEqual(['credentials.jwe', 'other.tmp', 'store.key']);
  });
});
