import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type AccountRecord, type CredentialAddress, entryName, type Identity } from '../model/credentials.ts';
import type { AccountIndex } from '../model/account-index.ts';
import { Failure } from '../model/failure.ts';
import { isAccountName, isOrigin, isProviderId } from '../model/names.ts';
import { systemCode } from './system-code.ts';

/** A change that an older keywright would misread gets the next number. */
const FORMAT = 1;

export interface AccountWorld {
  /** Made with 0700 by the first write. */
  readonly dir: string;
  readonly warn: (line: string) => void;
}

/**
 * The accounts that were signed in, one file each, so that two logins at once cannot drop each other's. No secret is in them.
 *
 * Reading never throws: a folder that is missing or cannot be read is empty, and a record that cannot be read or is not ours is
 * passed over with one warning. Writing and deleting are atomic and throw `refused` where the folder does not allow them.
 */
export function createAccountIndex(world: AccountWorld): AccountIndex {
  const warned = new Set<string>();

  function warnOnce(path: string, why: string): undefined {
    if (!warned.has(path)) world.warn(`The account record ${path} is passed over: ${why}.`);
    warned.add(path);
  }

  async function readAt(name: string): Promise<AccountRecord | undefined> {
    const path = join(world.dir, name);
    let text: string;
    try {
      text = readFileSync(path, 'utf8');
    } catch (error) {
      const code = systemCode(error);
      return code === 'ENOENT' || code === 'ENOTDIR' ? undefined : warnOnce(path, `it cannot be read (${code ?? 'unknown'})`);
    }
    const record = parse(text);
    if (record === undefined) return warnOnce(path, 'it is damaged, or of another version of keywright');
    if ((await fileName(record)) !== name) return warnOnce(path, 'it is of another account than its name says');
    return record;
  }

  return {
    list: async () => {
      const names = namesIn(world.dir, warnOnce)
        .filter((name) => name.endsWith('.json'))
        .sort();
      const records = await Promise.all(names.map(readAt));
      return records.filter((record) => record !== undefined).sort(byProviderAndAccount);
    },
    find: async (address) => readAt(await fileName(address)),
    write: async (record) => {
      const path = join(world.dir, await fileName(record));
      try {
        const { writeFileAtomically } = await import('./atomic-file.ts');
        await writeFileAtomically(path, `${JSON.stringify(fieldsOf(record), null, 2)}\n`, { mode: 0o600 });
      } catch (error) {
        throw notWritten(path, error);
      }
    },
    delete: async (address) => {
      const path = join(world.dir, await fileName(address));
      try {
        rmSync(path, { force: true });
      } catch (error) {
        if (systemCode(error) !== 'ENOTDIR') throw notWritten(path, error);
      }
    },
  };
}

function namesIn(dir: string, warnOnce: (path: string, why: string) => undefined): readonly string[] {
  try {
    return readdirSync(dir);
  } catch (error) {
    const code = systemCode(error);
    if (code !== 'ENOENT' && code !== 'ENOTDIR') warnOnce(dir, `the folder cannot be read (${code ?? 'unknown'})`);
    return [];
  }
}

function notWritten(path: string, error: unknown): unknown {
  const code = systemCode(error);
  if (code === undefined) return error;
  return new Failure('refused', {
    detail: `The account record ${path} cannot be written (${code}).`,
    hint: 'Its folder must be writable for you and have some space left; XDG_STATE_HOME moves it. With an API key from a variable nothing is written.',
    cause: error,
  });
}

/** An entry's name may hold any character and be long; its hash may not. */
async function fileName(address: CredentialAddress): Promise<string> {
  const { textHash } = await import('./text-hash.ts');
  return `${textHash(entryName(address)).slice(0, 32)}.json`;
}

function byProviderAndAccount(one: AccountRecord, other: AccountRecord): number {
  const [a, b] = [one, other].map((record) => `${record.provider}\n${record.origin}\n${record.account}`);
  return (a ?? '') < (b ?? '') ? -1 : 1;
}

function fieldsOf(record: AccountRecord): Readonly<Record<string, unknown>> {
  return {
    v: FORMAT,
    provider: record.provider,
    origin: record.origin,
    account: record.account,
    kind: record.kind,
    store: record.store,
    signed_in_at: record.signedInAt,
    expires_at: record.expiresAt,
    scopes: record.scopes,
    identity: record.identity === null ? null : { id: record.identity.id, label: record.identity.label },
  };
}

/** The record in a file's text; undefined for anything that `fieldsOf` does not make. Fields that we do not know are overlooked. */
function parse(text: string): AccountRecord | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isFields(value) || value['v'] !== FORMAT) return undefined;
  const { provider, origin, account, kind, store, signed_in_at: signedInAt, expires_at: expiresAt, scopes } = value;
  if (typeof provider !== 'string' || typeof origin !== 'string' || typeof account !== 'string') return undefined;
  if (!isProviderId(provider) || !isOrigin(origin) || !isAccountName(account)) return undefined;
  if (kind !== 'oauth' && kind !== 'key') return undefined;
  if (store !== 'keychain' && store !== 'file') return undefined;
  if (!isTime(signedInAt) || !(expiresAt === null || isTime(expiresAt))) return undefined;
  if (!Array.isArray(scopes) || !scopes.every((scope): scope is string => typeof scope === 'string')) return undefined;
  const identity = value['identity'] === null ? null : parseIdentity(value['identity']);
  if (identity === undefined) return undefined;
  return { provider, origin, account, kind, store, signedInAt, expiresAt, scopes, identity };
}

function parseIdentity(value: unknown): Identity | undefined {
  if (!isFields(value)) return undefined;
  const { id, label } = value;
  return typeof id === 'string' && typeof label === 'string' ? { id, label } : undefined;
}

function isTime(value: unknown): value is string {
  return typeof value === 'string' && !Number.isNaN(Date.parse(value));
}

function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
