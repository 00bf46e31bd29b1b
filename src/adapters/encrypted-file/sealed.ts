import { isUtf8 } from 'node:buffer';
import type { Failure } from '../../model/failure.ts';
import type { Secret } from '../../model/secret.ts';
import { damaged, lockedUp, unusable } from './failures.ts';

/** Says in the header that this is our file, and in which form. A form that this version would misread gets the next number. */
const TYPE = 'keywright-store';
const FORMAT = 1;
const FORMAT_FIELD = 'keywright_format';

/** What stands in the header of a file that a key opens, and nothing beside it: a header could ask for what is not done here (`crit`, `zip`). */
const KEY_FIELDS = ['alg', 'enc', 'typ', FORMAT_FIELD, 'kid'];

const PASSPHRASE_ALGORITHM = 'PBES2-HS512+A256KW';
/** OWASP's figure for PBKDF2 with HMAC-SHA-512; about a third of a second. */
const ROUNDS = 210_000;
/** More would let a planted file keep us busy for minutes. */
const MOST_ROUNDS = 1_000_000;

/** What opens and closes a store file. */
export type Opener =
  /** 32 bytes, used as they are. `source` says where they are from, for error texts. */
  { readonly kind: 'key'; readonly key: Uint8Array; readonly source: string } | { readonly kind: 'passphrase'; readonly passphrase: Secret };

/** What the header of a file says: which kind of opener it takes, and for a key which one. */
export type Header = { readonly kind: 'key'; readonly keyId: string } | { readonly kind: 'passphrase' };

export type Entries = Map<string, string>;

/** The text of a store file: a compact JWE (RFC 7516), with `dir` for a key and PBES2 (RFC 7518 section 4.8) for a passphrase. */
export async function seal(entries: Entries, opener: Opener): Promise<string> {
  const { CompactEncrypt } = await import('jose/jwe/compact/encrypt');
  const payload = new TextEncoder().encode(JSON.stringify({ v: FORMAT, entries: Object.fromEntries(entries) }));
  const common = { enc: 'A256GCM', typ: TYPE, [FORMAT_FIELD]: FORMAT };
  if (opener.kind === 'key') {
    return new CompactEncrypt(payload).setProtectedHeader({ alg: 'dir', ...common, kid: await keyId(opener.key) }).encrypt(opener.key);
  }
  return new CompactEncrypt(payload)
    .setProtectedHeader({ alg: PASSPHRASE_ALGORITHM, ...common })
    .setKeyManagementParameters({ p2c: ROUNDS })
    .encrypt(passphraseBytes(opener.passphrase));
}

/** Reads the header of a store file, which is not secret. `path` is for error texts. Nothing in it is trusted before `open` has succeeded. */
export function readHeader(text: string, path: string): Header {
  const parts = text.split('.');
  if (parts.length !== 5) throw damaged(path, text === '' ? 'it is empty' : 'it is cut off, or was never a store');
  const fields = readObject(Buffer.from(parts[0] ?? '', 'base64url').toString(), path, 'its header');
  if (fields['typ'] !== TYPE) throw damaged(path, 'its header does not say that it is a store');
  const format = fields[FORMAT_FIELD];
  if (typeof format === 'number' && Number.isSafeInteger(format) && format > FORMAT) {
    throw unusable(path, `was written by a newer keywright (format ${format}; this one reads format ${FORMAT})`, 'Update keywright.');
  }
  if (format !== FORMAT || fields['enc'] !== 'A256GCM') throw damaged(path, 'its header has no known format');
  if (fields['alg'] === 'dir' && typeof fields['kid'] === 'string') {
    if (Object.keys(fields).some((name) => !KEY_FIELDS.includes(name))) throw damaged(path, 'its header holds more than is known');
    return { kind: 'key', keyId: fields['kid'] };
  }
  if (fields['alg'] !== PASSPHRASE_ALGORITHM) throw damaged(path, 'its header names no known way to open it');
  const rounds = fields['p2c'];
  if (typeof rounds !== 'number' || !Number.isSafeInteger(rounds) || rounds < 1) throw damaged(path, 'its header has no number of rounds');
  if (rounds > MOST_ROUNDS)
    throw unusable(
      path,
      `asks for ${rounds} rounds of passphrase hashing; at most ${MOST_ROUNDS} are done`,
      'It was not written by keywright. Move it away and sign in again.',
    );
  return { kind: 'passphrase' };
}

/** The entries of a store file. A key that is not the one of the header, and a passphrase that does not fit, are `keychain-locked`. */
export async function open(text: string, header: Header, opener: Opener, path: string): Promise<Entries> {
  const content = opener.kind === 'key' ? await openByKey(text, opener.key) : await openByPassphrase(text, opener.passphrase);
  const decoded = content !== undefined && isUtf8(content) ? content.toString('utf8') : undefined;
  if (decoded === undefined) throw await notOpened(header, opener, path);
  return readEntries(decoded, path);
}

/** A key is told from the right one by its id. A passphrase has none, since that would help to guess it. */
async function notOpened(header: Header, opener: Opener, path: string): Promise<Failure> {
  if (opener.kind === 'passphrase')
    return lockedUp(path, 'does not open with this passphrase, or is damaged', 'Check KEYWRIGHT_STORE_PASSPHRASE or what you typed. Nobody was signed out.');
  if (header.kind === 'key' && header.keyId !== (await keyId(opener.key)))
    return lockedUp(path, `was encrypted with another key than the one from ${opener.source}`, 'Give the key that it was made with. Nobody was signed out.');
  return damaged(path, 'its content is not what was written');
}

async function openByKey(text: string, key: Uint8Array): Promise<Buffer | undefined> {
  return (await import('./direct.ts')).openDirect(text, key);
}

/** The content, or undefined where the passphrase does not fit. */
async function openByPassphrase(text: string, passphrase: Secret): Promise<Buffer | undefined> {
  const { compactDecrypt } = await import('jose/jwe/compact/decrypt');
  try {
    const { plaintext } = await compactDecrypt(text, passphraseBytes(passphrase), {
      keyManagementAlgorithms: [PASSPHRASE_ALGORITHM],
      contentEncryptionAlgorithms: ['A256GCM'],
      maxPBES2Count: MOST_ROUNDS,
    });
    return Buffer.from(plaintext);
  } catch {
    return undefined;
  }
}

function readEntries(payload: string, path: string): Entries {
  const fields = readObject(payload, path, 'its content');
  const { entries } = fields;
  if (fields['v'] !== FORMAT || !isObject(entries)) throw damaged(path, 'its content has no entries');
  const found: Entries = new Map();
  for (const [name, value] of Object.entries(entries)) {
    if (typeof value !== 'string') throw damaged(path, 'one of its entries is not text');
    found.set(name, value);
  }
  return found;
}

function readObject(json: string, path: string, what: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    // The parser's message quotes what it read, so it must not become the cause.
    throw damaged(path, `${what} is not JSON`);
  }
  if (!isObject(value)) throw damaged(path, `${what} is not a JSON object`);
  return value;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Tells keys apart without telling anything of them: they are 256 random bits. */
async function keyId(key: Uint8Array): Promise<string> {
  const { createHash } = await import('node:crypto');
  return createHash('sha256').update('keywright store key id\n').update(key).digest('base64url').slice(0, 16);
}

/** The same passphrase may be typed in composed or decomposed characters; both give these bytes. */
function passphraseBytes(passphrase: Secret): Uint8Array {
  return new TextEncoder().encode(passphrase.reveal().normalize('NFC'));
}
