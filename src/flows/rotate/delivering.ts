import { type Failure, isFailure } from '../../model/failure.ts';
import type { CreatedKey } from '../../model/api-key.ts';
import type { DeliveredSink, RotationRecord } from '../../model/rotation.ts';
import { rfc3339 } from '../../render/time.ts';
import type { ReadySink } from '../deliver/sink.ts';
import { journalled } from './journal.ts';
import { keepBefore, OWN_ACCOUNT, OWN_GRANT, savedNote, type Successor } from './kept.ts';
import { ownPlace, replaceOwn } from './own-account.ts';
import { replaceInGrant } from './own-grant.ts';
import { type RotationWork, unfinished } from './work.ts';

const without = (record: RotationRecord, sink: string): readonly DeliveredSink[] => record.delivered.filter((entry) => entry.sink !== sink);

const withEntry = (record: RotationRecord, entry: DeliveredSink): RotationRecord => ({ ...record, delivered: [...without(record, entry.sink), entry] });

const hasIt = (record: RotationRecord, name: string): boolean => record.delivered.some(({ sink, state }) => sink === name && state === 'took');

/** The stored credential follows first: it is the one that commands go on with. */
async function deliverToAccount(record: RotationRecord, successor: Successor, work: RotationWork): Promise<RotationRecord> {
  const place = ownPlace(record, work);
  if (record.self !== 'yes' || place === undefined || hasIt(record, OWN_ACCOUNT)) return record;
  const entry = { sink: OWN_ACCOUNT, saved: savedNote(record.id, OWN_ACCOUNT) };
  const begun = await journalled(withEntry(record, { ...entry, state: 'begun' }), work);
  const { prefix } = record.old;
  await replaceOwn(begun, place, successor.key, (stored) => prefix !== null && stored.startsWith(prefix), work);
  return journalled(withEntry(begun, { ...entry, state: 'took' }), work);
}

/** A grant's key is read anew by whoever goes on with it. */
async function deliverToGrant(record: RotationRecord, successor: Successor, work: RotationWork): Promise<RotationRecord> {
  if (record.grant === null || hasIt(record, OWN_GRANT)) return record;
  const entry = { sink: OWN_GRANT, saved: savedNote(record.id, OWN_GRANT) };
  const begun = await journalled(withEntry(record, { ...entry, state: 'begun' }), work);
  await replaceInGrant(begun, record.grant.id, successor, work);
  return journalled(withEntry(begun, { ...entry, state: 'took' }), work);
}

/** Those that can be given back what they held come first, and what cannot be unsaid comes last. */
function inOrder(sinks: readonly ReadySink[]): readonly ReadySink[] {
  const rank = ({ before, name }: ReadySink): number => (before !== null ? 0 : name === 'stdout' ? 2 : 1);
  return sinks.toSorted((one, other) => rank(one) - rank(other));
}

interface Handed {
  readonly record: RotationRecord;
  readonly failure: Failure | undefined;
}

/** Hands the key to one sink. What the sink holds is kept before the record says that the sink may have the key. */
async function hand(before: RotationRecord, sink: ReadySink, key: CreatedKey, work: RotationWork): Promise<Handed> {
  const saved = sink.before === null ? null : savedNote(before.id, before.sinks.indexOf(sink.name));
  // What lies there now may be the successor already.
  const earlier = before.delivered.some((entry) => entry.sink === sink.name);
  let record = before;
  try {
    if (sink.before !== null && saved !== null && !earlier) await keepBefore(record, saved, sink.before, work.notes);
    record = await journalled(withEntry(record, { sink: sink.name, saved, state: 'begun' }), work);
    await sink.deliver({ key, provider: (await work.access()).target.provider });
    return { record: await journalled(withEntry(record, { sink: sink.name, saved, state: 'took' }), work), failure: undefined };
  } catch (thrown) {
    if (!isFailure(thrown)) throw thrown;
    const surelyNot = thrown.data?.['may_have_it'] === false && !earlier;
    return { record: surelyNot ? await journalled({ ...record, delivered: without(record, sink.name) }, work) : record, failure: thrown };
  }
}

/** Hands the successor to every sink that does not have it for certain. One that fails does not keep the others from theirs; Ctrl-C does. */
export async function deliver(record: RotationRecord, successor: Successor, work: RotationWork): Promise<RotationRecord> {
  const { scopes, agent, hubs, trust } = record.old;
  const { id, key: value, expiresAt } = successor;
  const rights = { scopes, agent, hubs, trust };
  const key: CreatedKey = { ...rights, id, name: record.successor.name, prefix: null, key: value, createdAt: record.begunAt, expiresAt, lastUsedAt: null };
  let now = await deliverToGrant(await deliverToAccount(record, successor, work), successor, work);
  const failed: string[] = [];
  for (const sink of inOrder(work.sinks)) {
    if (hasIt(now, sink.name)) continue;
    if (work.deps.interrupted.aborted) {
      failed.push(`${sink.name}: the command was interrupted`);
      continue;
    }
    const handed = await hand(now, sink, key, work);
    now = handed.record;
    if (handed.failure !== undefined) failed.push(`${sink.name}: ${handed.failure.detail}`);
  }
  if (failed.length > 0) throw unfinished(now, `The successor ${id} could not be delivered to ${failed.join('; ')}`);
  return journalled({ ...now, step: 'delivered', revokeAt: rfc3339(work.deps.clock.now() + record.grace) }, work);
}
