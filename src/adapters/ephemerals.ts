import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { EphemeralJournal, EphemeralRecord } from '../model/ephemeral.ts';
import { Failure } from '../model/failure.ts';
import { isProviderId } from '../model/names.ts';
import { systemCode, writeFileAtomically } from './atomic-file.ts';

/** A change that an older keywright would misread gets the next number. */
const FORMAT = 1;

/** The keys that programs are running with, one file each, so that two processes at once cannot drop each other's. `dir` is made with 0700 by the first write. */
export function createEphemeralJournal(dir: string): EphemeralJournal {
  const pathOf = (id: string): string => join(dir, `${id}.json`);
  return {
    list: async () => {
      const names = (await readdir(dir).catch((): string[] => [])).filter((name) => name.endsWith('.json')).sort();
      const texts = await Promise.all(names.map((name) => readFile(join(dir, name), 'utf8').catch(() => '')));
      // A record that lies under another name than its own could not be removed by it.
      return texts.flatMap((text, index) => {
        const record = parse(text);
        return record === undefined || `${record.id}.json` !== names[index] ? [] : [record];
      });
    },
    write: async (record) => {
      try {
        await writeFileAtomically(pathOf(record.id), `${JSON.stringify(fieldsOf(record), null, 2)}\n`, { mode: 0o600 });
      } catch (error) {
        throw notWritten(error);
      }
    },
    delete: async (id) => {
      try {
        await rm(pathOf(id), { force: true });
      } catch (error) {
        throw notWritten(error);
      }
    },
  };
}

function notWritten(error: unknown): unknown {
  const code = systemCode(error);
  if (code === undefined) return error;
  return new Failure('refused', {
    detail: `The state folder cannot be written (${code}).`,
    hint: 'It must be writable for you and have some space left; XDG_STATE_HOME moves it.',
    cause: error,
  });
}

const timeText = (time: number): string => new Date(time).toISOString();

function fieldsOf(record: EphemeralRecord): Readonly<Record<string, unknown>> {
  const { id, name, keyId, provider, baseUrl, project, account, preview, begunAt, endsAt } = record;
  const times = { begun_at: timeText(begunAt), ends_at: endsAt === null ? null : timeText(endsAt) };
  return { v: FORMAT, id, name, key_id: keyId, provider, base_url: baseUrl, project, account, preview, ...times };
}

/** The record in a file's text; undefined for anything that `fieldsOf` does not make. */
function parse(text: string): EphemeralRecord | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const fields: Readonly<Record<string, unknown>> = { ...value };
  const { v, id, name, provider, project, account, preview } = fields;
  const { key_id: keyId, base_url: baseUrl } = fields;
  if (v !== FORMAT || !isText(id) || !/^[A-Za-z0-9_-]{1,64}$/.test(id) || !isText(name) || !isText(provider) || !isProviderId(provider)) return undefined;
  if (!isText(baseUrl) || !URL.canParse(baseUrl) || !isTextOrNull(keyId) || !isTextOrNull(project) || !isTextOrNull(account) || !isTextOrNull(preview))
    return undefined;
  const begunAt = timeOf(fields['begun_at']);
  const endsAt = fields['ends_at'] === null ? null : timeOf(fields['ends_at']);
  if (begunAt === undefined || endsAt === undefined) return undefined;
  return { id, name, keyId, provider, baseUrl, project, account, preview, begunAt, endsAt };
}

const isText = (value: unknown): value is string => typeof value === 'string';
const isTextOrNull = (value: unknown): value is string | null => value === null || isText(value);

function timeOf(value: unknown): number | undefined {
  const time = isText(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(time) ? undefined : time;
}
