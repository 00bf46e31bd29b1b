import { readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '../model/failure.ts';
import type { GrantIndex, GrantRecord, WiredPlace } from '../model/grant.ts';
import { systemCode, writeFileAtomically } from './atomic-file.ts';

/** A change that an older keywright would misread gets the next number. */
const FORMAT = 1;

const ID = /^[A-Za-z0-9]{1,64}$/;

/** The grants of this machine, a file each. `dir` is made with 0700 by the first write. */
export function createGrantIndex(dir: string): GrantIndex {
  const pathOf = (id: string): string => join(dir, `${id}.json`);
  /** An empty file whose time is that of the last use: whoever marks it never writes the record, which another process may be changing. */
  const markOf = (id: string): string => join(dir, `${id}.used`);

  async function read(id: string): Promise<GrantRecord | undefined> {
    if (!ID.test(id)) return undefined;
    const record = parse(await readFile(pathOf(id), 'utf8').catch(() => ''));
    if (record?.id !== id) return undefined;
    const mark = await stat(markOf(id)).catch(() => undefined);
    return mark === undefined ? record : { ...record, lastUsedAt: mark.mtime.toISOString() };
  }

  return {
    find: read,
    list: async () => {
      const names = (await readdir(dir).catch((): string[] => [])).filter((name) => name.endsWith('.json'));
      const records = await Promise.all(names.map((name) => read(name.slice(0, -'.json'.length))));
      return records.filter((record) => record !== undefined).sort((one, other) => one.createdAt.localeCompare(other.createdAt));
    },
    write: async (record) => {
      try {
        await writeFileAtomically(pathOf(record.id), `${JSON.stringify({ v: FORMAT, ...record }, null, 2)}\n`, { mode: 0o600 });
      } catch (error) {
        if (systemCode(error) === undefined) throw error;
        throw new Failure('refused', {
          detail: `The record of the grant cannot be written (${systemCode(error) ?? 'unknown'}).`,
          hint: 'The state folder must be writable and have some space left; XDG_STATE_HOME moves it.',
          cause: error,
        });
      }
    },
    markUsed: async (id, at) => {
      if ((await read(id)) === undefined) return;
      await writeFile(markOf(id), '', { mode: 0o600 });
      await utimes(markOf(id), at / 1000, at / 1000);
    },
    delete: async (id) => {
      await rm(pathOf(id), { force: true });
      await rm(markOf(id), { force: true });
    },
  };
}

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: unknown): value is string => typeof value === 'string';
const isTextOrNull = (value: unknown): value is string | null => value === null || isText(value);
const isTexts = (value: unknown): value is readonly string[] => Array.isArray(value) && value.every(isText);
const isTime = (value: unknown): value is string => isText(value) && !Number.isNaN(Date.parse(value));
const isTimeOrNull = (value: unknown): value is string | null => value === null || isTime(value);

function readWired(value: unknown): readonly WiredPlace[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const places = value.flatMap((each: unknown) =>
    isFields(each) && isText(each['client']) && isText(each['path']) ? [{ client: each['client'], path: each['path'] }] : [],
  );
  return places.length === value.length ? places : undefined;
}

/** Undefined for anything that `write` did not write. */
function parse(text: string): GrantRecord | undefined {
  let fields: unknown;
  try {
    fields = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isFields(fields) || fields['v'] !== FORMAT) return undefined;
  const { id, agent, device, provider, origin, mcpUrl, scopes, keyId, keyName, store, agentKnownTo, renew, expiresAt, createdAt, lastUsedAt } = fields;
  const wired = readWired(fields['wired']);
  if (wired === undefined || !isText(id) || !isText(agent) || !isText(device) || !isText(provider) || !isText(origin) || !isTextOrNull(mcpUrl))
    return undefined;
  if (!isTexts(scopes) || !isText(keyId) || !isText(keyName) || !isTimeOrNull(expiresAt) || !isTime(createdAt) || !isTimeOrNull(lastUsedAt)) return undefined;
  if ((store !== 'keychain' && store !== 'file') || (agentKnownTo !== 'server' && agentKnownTo !== 'us') || (renew !== 'allowed' && renew !== 'not-allowed'))
    return undefined;
  return { id, agent, device, provider, origin, mcpUrl, scopes, keyId, keyName, store, agentKnownTo, renew, expiresAt, createdAt, lastUsedAt, wired };
}
