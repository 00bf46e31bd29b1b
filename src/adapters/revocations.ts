import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '../model/failure.ts';
import type { QueuedRevocation, RevocationIndex } from '../model/revocation.ts';
import { systemCode, writeFileAtomically } from './atomic-file.ts';

/** A change that an older keywright would misread gets the next number. */
const FORMAT = 1;

/** The waiting revocations, one file each, so that two processes at once cannot drop each other's. `dir` is made with 0700 by the first write. */
export function createRevocationIndex(dir: string): RevocationIndex {
  const pathOf = (name: string): string => join(dir, `${name}.json`);
  return {
    list: async () => {
      const names = (await readdir(dir).catch(() => [])).filter((name) => name.endsWith('.json')).sort();
      const texts = await Promise.all(names.map((name) => readFile(join(dir, name), 'utf8').catch(() => '')));
      // A record that lies under another name than its own could not be removed by it.
      return texts.flatMap((text, index) => {
        const record = parse(text);
        return record === undefined || `${record.name}.json` !== names[index] ? [] : [record];
      });
    },
    write: async (record) => {
      const path = pathOf(record.name);
      try {
        await writeFileAtomically(path, `${JSON.stringify(fieldsOf(record), null, 2)}\n`, { mode: 0o600 });
      } catch (error) {
        throw notWritten(path, error);
      }
    },
    delete: async (name) => {
      const path = pathOf(name);
      try {
        await rm(path, { force: true });
      } catch (error) {
        if (systemCode(error) !== 'ENOTDIR') throw notWritten(path, error);
      }
    },
  };
}

function notWritten(path: string, error: unknown): unknown {
  const code = systemCode(error);
  if (code === undefined) return error;
  return new Failure('refused', {
    detail: `The state file ${path} cannot be written (${code}).`,
    hint: 'Its folder must be writable for you and have some space left; XDG_STATE_HOME moves it.',
    cause: error,
  });
}

function fieldsOf(record: QueuedRevocation): Readonly<Record<string, unknown>> {
  return {
    v: FORMAT,
    name: record.name,
    store: record.store,
    provider: record.provider,
    origin: record.origin,
    account: record.account,
    kind: record.kind,
    queued_at: new Date(record.queuedAt).toISOString(),
    token_ends_at: record.tokenEndsAt === null ? null : new Date(record.tokenEndsAt).toISOString(),
    next_try_at: new Date(record.nextTryAt).toISOString(),
    tries: record.tries,
  };
}

/** The record in a file's text; undefined for anything that `fieldsOf` does not make. */
function parse(text: string): QueuedRevocation | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const fields: Readonly<Record<string, unknown>> = { ...value };
  const { v, name, store, provider, origin, account, kind, tries } = fields;
  if (v !== FORMAT || typeof name !== 'string' || typeof provider !== 'string' || typeof origin !== 'string' || typeof account !== 'string') return undefined;
  if ((store !== 'keychain' && store !== 'file') || (kind !== 'refresh_token' && kind !== 'access_token') || typeof tries !== 'number') return undefined;
  const [queuedAt, nextTryAt] = [timeOf(fields['queued_at']), timeOf(fields['next_try_at'])];
  const tokenEndsAt = fields['token_ends_at'] === null ? null : timeOf(fields['token_ends_at']);
  if (queuedAt === undefined || nextTryAt === undefined || tokenEndsAt === undefined) return undefined;
  return { name, store, provider, origin, account, kind, queuedAt, tokenEndsAt, nextTryAt, tries };
}

function timeOf(value: unknown): number | undefined {
  const time = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(time) ? undefined : time;
}
