import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '../model/failure.ts';
import type { DeliveredSink, RotationJournal, RotationRecord, RotationStep } from '../model/rotation.ts';
import { isTemporaryOf, systemCode, writeFileAtomically } from './atomic-file.ts';

/** A change that an older keywright would misread gets the next number. */
const FORMAT = 1;

const STEPS: readonly RotationStep[] = ['creating', 'created', 'proved', 'delivered', 'revoking', 'undoing'];

const FORMATS: ReadonlyArray<RotationRecord['format']> = [null, 'raw', 'env', 'json'];

/** The rotations under way, a file each. `dir` is made with 0700 by the first write. */
export function createRotationJournal(dir: string): RotationJournal {
  const pathOf = (id: string): string => join(dir, `${id}.json`);
  return {
    list: async () => {
      const names = (await readdir(dir).catch((): string[] => [])).filter((name) => name.endsWith('.json'));
      const texts = await Promise.all(names.map((name) => readFile(join(dir, name), 'utf8').catch(() => '')));
      const records = texts.flatMap((text, index) => {
        const record = parse(text);
        return record === undefined || `${record.id}.json` !== names[index] ? [] : [record];
      });
      return records.sort((one, other) => one.begunAt.localeCompare(other.begunAt));
    },
    write: async (record) => {
      try {
        await writeFileAtomically(pathOf(record.id), `${JSON.stringify({ v: FORMAT, ...record }, null, 2)}\n`, { mode: 0o600 });
      } catch (error) {
        if (systemCode(error) === undefined) throw error;
        throw new Failure('refused', {
          detail: `The journal of the rotation cannot be written (${systemCode(error) ?? 'unknown'}).`,
          hint: 'The state folder must be writable and have some space left; XDG_STATE_HOME moves it.',
          cause: error,
        });
      }
    },
    delete: async (id) => {
      await rm(pathOf(id), { force: true });
      // A write that was killed leaves its temporary file.
      const left = (await readdir(dir).catch((): string[] => [])).filter((name) => isTemporaryOf(`${id}.json`, name));
      for (const name of left) await rm(join(dir, name), { force: true });
    },
  };
}

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: unknown): value is string => typeof value === 'string';
const isTextOrNull = (value: unknown): value is string | null => value === null || isText(value);
const isTexts = (value: unknown): value is readonly string[] => Array.isArray(value) && value.every(isText);
const isTime = (value: unknown): value is string => isText(value) && !Number.isNaN(Date.parse(value));
const isSpan = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value) && value >= 0;

function readOld(value: unknown): RotationRecord['old'] | undefined {
  if (!isFields(value)) return undefined;
  const { id, name, prefix, scopes, agent, hubs, trust } = value;
  if (!isText(id) || !isTextOrNull(name) || !isTextOrNull(prefix) || !isTexts(scopes) || !isTextOrNull(agent) || !isTexts(hubs) || !isTextOrNull(trust))
    return undefined;
  return { id, name, prefix, scopes, agent, hubs, trust };
}

function readDelivered(value: unknown): readonly DeliveredSink[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const sinks = value.flatMap((each: unknown): readonly DeliveredSink[] =>
    isFields(each) && isText(each['sink']) && isTextOrNull(each['saved']) && (each['state'] === 'begun' || each['state'] === 'took')
      ? [{ sink: each['sink'], saved: each['saved'], state: each['state'] }]
      : [],
  );
  return sinks.length === value.length ? sinks : undefined;
}

/** Undefined for anything that `write` did not write. */
function parse(text: string): RotationRecord | undefined {
  let fields: unknown;
  try {
    fields = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isFields(fields) || fields['v'] !== FORMAT) return undefined;
  const { id, provider, origin, account, store, span, successor, self, sinks, begunAt, grace, revokeAt } = fields;
  const old = readOld(fields['old']);
  const delivered = readDelivered(fields['delivered']);
  const step = STEPS.find((known) => known === fields['step']);
  const format = FORMATS.find((known) => known === fields['format']);
  if (old === undefined || delivered === undefined || step === undefined || format === undefined) return undefined;
  if (!isText(id) || !/^[A-Za-z0-9_-]{1,64}$/.test(id) || !isText(provider) || !isText(origin) || !isTextOrNull(account) || !isTexts(sinks)) return undefined;
  if (store !== 'keychain' && store !== 'file') return undefined;
  if (self !== 'yes' && self !== 'no' && self !== 'unknown') return undefined;
  if (!isFields(successor) || !isText(successor['name']) || !isTextOrNull(successor['id'])) return undefined;
  if ((span !== null && !isSpan(span)) || !isSpan(grace) || !isTime(begunAt) || (revokeAt !== null && !isTime(revokeAt))) return undefined;
  const { name, id: successorId } = successor;
  return {
    id,
    provider,
    origin,
    account,
    store,
    old,
    span,
    successor: { name, id: successorId },
    self,
    sinks,
    format,
    delivered,
    step,
    begunAt,
    grace,
    revokeAt,
  };
}
