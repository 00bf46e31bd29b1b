import { Failure } from '../../model/failure.ts';
import type { Entries } from './entries.ts';
import { addGeneration, currentOf, directoryText, generationsName, isDirectory, isStale, partName, readGenerations, writeGenerations } from './parts-format.ts';
import type { Directory, Generation } from './parts-format.ts';

export interface PartsOptions {
  /** How many bytes of UTF-8 one entry holds. */
  readonly maxBytes: number;
  /** Unix milliseconds. */
  readonly now: () => number;
  /** A new random name in base64url, 12 characters or so. */
  readonly generation: () => string;
}

/** How often a value is read anew when it changes while it is read. */
const READ_TRIES = 5;

/**
 * Entries of any size over entries of a limited size (Windows: 2,560 bytes).
 *
 * A short value is its entry. A longer one is split into parts of a generation of its own, and its entry becomes a directory:
 * generation, count, SHA-256. Writing the directory is the one step that makes the new value the value: whoever is stopped
 * before it leaves the old value whole, whoever is stopped after it leaves the new one. The parts of a generation that is not
 * current are removed by a later write or delete, which finds them in a list that is written before them.
 * A directory whose parts do not fit it is `unexpected-answer`, never a wrong value and never "absent".
 */
export function entriesInParts(whole: Entries, options: PartsOptions): Entries {
  return {
    get: (name) => readWhole(whole, name),
    set: (name, value) => writeWhole(whole, name, value, options),
    delete: (name) => deleteWhole(whole, name),
  };
}

async function readWhole(whole: Entries, name: string): Promise<string | undefined> {
  let entry = await whole.get(name);
  for (let tries = 0; tries < READ_TRIES; tries += 1) {
    if (entry === undefined || !isDirectory(entry)) return entry;
    const directory = currentOf(entry);
    const value = directory === undefined ? undefined : await joinParts(whole, name, directory);
    if (value !== undefined) return value;
    // Another process may have replaced the value between the directory and its parts.
    const again = await whole.get(name);
    if (again === entry) break;
    entry = again;
  }
  throw new Failure('unexpected-answer', {
    detail: 'The stored credential is damaged: its parts do not belong together.',
    hint: 'Sign in again: keywright login.',
  });
}

async function joinParts(whole: Entries, name: string, directory: Directory): Promise<string | undefined> {
  const parts: string[] = [];
  for (let index = 0; index < directory.count; index += 1) {
    const part = await whole.get(partName(name, directory.generation, index));
    if (part === undefined) return undefined;
    parts.push(part);
  }
  const value = Buffer.from(parts.join(''), 'base64url').toString('utf8');
  return (await sha256(value)) === directory.sha256 ? value : undefined;
}

async function writeWhole(whole: Entries, name: string, value: string, options: PartsOptions): Promise<void> {
  const before = await whole.get(name);
  const replaced = before === undefined ? undefined : currentOf(before);
  if (Buffer.byteLength(value) <= options.maxBytes && !isDirectory(value)) await whole.set(name, value);
  else await writeParts(whole, name, value, options);
  await removeGenerations(
    whole,
    name,
    replaced,
    (known, current) => known.generation !== current && (known.generation === replaced?.generation || isStale(known, options.now())),
  );
}

async function writeParts(whole: Entries, name: string, value: string, options: PartsOptions): Promise<void> {
  // base64url, so that a cut never falls inside a character.
  const text = Buffer.from(value).toString('base64url');
  const count = Math.ceil(text.length / options.maxBytes);
  const generation = options.generation();
  const known = readGenerations(await whole.get(generationsName(name)));
  await whole.set(generationsName(name), writeGenerations(addGeneration(known, { generation, count, startedAt: options.now() }, options.maxBytes)));
  for (let index = 0; index < count; index += 1) {
    await whole.set(partName(name, generation, index), text.slice(index * options.maxBytes, (index + 1) * options.maxBytes));
  }
  await whole.set(name, directoryText({ generation, count, sha256: await sha256(value) }));
}

async function deleteWhole(whole: Entries, name: string): Promise<'deleted' | 'absent'> {
  const before = await whole.get(name);
  const outcome = await whole.delete(name);
  await removeGenerations(whole, name, before === undefined ? undefined : currentOf(before), () => true);
  return outcome;
}

/**
 * Removes the parts of every generation that `unwanted` picks: of those listed, and of `replaced`, which two writers at once
 * may have dropped from the list. A writer only picks the generation that it replaced itself, and those that are too old to
 * be in the middle of being written: another writer's new parts are left alone.
 */
async function removeGenerations(
  whole: Entries,
  name: string,
  replaced: Directory | undefined,
  unwanted: (known: Generation, current: string | undefined) => boolean,
): Promise<void> {
  const listed = readGenerations(await whole.get(generationsName(name)));
  const unlisted = replaced !== undefined && !listed.some(({ generation }) => generation === replaced.generation);
  const known = unlisted ? [...listed, { generation: replaced.generation, count: replaced.count, startedAt: 0 }] : listed;
  if (known.length === 0) return;
  const entry = await whole.get(name);
  const current = entry === undefined ? undefined : currentOf(entry)?.generation;
  const going = known.filter((one) => unwanted(one, current));
  for (const { generation, count } of going) {
    for (let index = 0; index < count; index += 1) await whole.delete(partName(name, generation, index));
  }
  const staying = known.filter((one) => !going.includes(one));
  if (staying.length === 0) await whole.delete(generationsName(name));
  else if (going.length > 0) await whole.set(generationsName(name), writeGenerations(staying));
}

async function sha256(value: string): Promise<string> {
  const { createHash } = await import('node:crypto');
  return createHash('sha256').update(value).digest('base64url');
}
