import type { Edited, EntryValue } from '../../mcp/edit/entry.ts';
import { findEntry, putEntry, removeEntry } from '../../mcp/edit/edit.ts';
import { isFailure } from '../../model/failure.ts';
import { Secret } from '../../model/secret.ts';
import { grantIn } from './own-entry.ts';
import type { Target, TargetDeps } from './targets.ts';

/** What became of a file. `why` is in words and never holds the file's text. */
export type Changed =
  { readonly kind: 'changed'; readonly backup: string | null } | { readonly kind: 'same' } | { readonly kind: 'failed'; readonly why: string };

/** Clients rewrite their files while they run; what we read is then read anew. */
const TRIES = 3;

/** A client's own program answers in a second or two. */
const PROGRAM_LIMIT_MS = 20_000;

type Change = (text: string | undefined) => Edited;

async function changeOnce(path: string, change: Change, { configFiles }: TargetDeps): Promise<Changed | 'changed-meanwhile'> {
  const file = await configFiles.read(path);
  if (file.kind === 'unusable') return { kind: 'failed', why: file.why };
  const before = file.kind === 'there' ? file.text : undefined;
  const edited = change(before);
  if (edited.kind === 'untouchable') return { kind: 'failed', why: edited.why };
  if (edited.kind === 'same') return { kind: 'same' };
  const written = await configFiles.replace(path, before, edited.text);
  return written.kind === 'written' ? { kind: 'changed', backup: written.backup } : 'changed-meanwhile';
}

/** Changes a file by us: read, edited, replaced only if it still is what was read, under the client's own lock where it has one, and read back. */
async function changeFile({ client, path }: Target, change: Change, deps: TargetDeps): Promise<Changed> {
  const work = async (): Promise<Changed> => {
    for (let tries = 0; tries < TRIES; tries += 1) {
      const changed = await changeOnce(path, change, deps);
      if (changed === 'changed-meanwhile') continue;
      if (changed.kind === 'changed' && !(await holds(path, change, deps))) return { kind: 'failed', why: 'it does not hold what was written' };
      return changed;
    }
    return { kind: 'failed', why: 'another program keeps changing it' };
  };
  try {
    return client.lock === 'folder' ? await deps.configFiles.withLock(path, work) : await work();
  } catch (thrown) {
    if (!isFailure(thrown) || thrown.code === 'bug') throw thrown;
    return { kind: 'failed', why: thrown.detail };
  }
}

/** Whether a change has nothing left to do. */
async function holds(path: string, change: Change, { configFiles }: TargetDeps): Promise<boolean> {
  const file = await configFiles.read(path);
  return file.kind !== 'unusable' && change(file.kind === 'there' ? file.text : undefined).kind === 'same';
}

/** The same file without other entries, and with ours. */
export function withEntry(target: Target, value: EntryValue, without: readonly string[]): Change {
  return (text) => {
    let rest = text;
    for (const name of without) {
      if (rest === undefined) break;
      const removed = removeEntry(rest, { ...target.at, path: [...target.client.servers, name] });
      if (removed.kind === 'untouchable') return removed;
      if (removed.kind === 'changed') rest = removed.text;
    }
    const put = putEntry(rest, target.at, value);
    return put.kind === 'same' && rest !== text && rest !== undefined ? { kind: 'changed', text: rest } : put;
  };
}

/** Puts our entry into a client's file: through the client's own program where its row says so and it is there, else by us. */
export async function putOwn(target: Target, value: EntryValue, without: readonly string[], deps: TargetDeps): Promise<Changed> {
  const change = withEntry(target, value, without);
  const { client, scope, at, path } = target;
  const put = scope === 'user' ? client.program?.put : undefined;
  const file = client.program === null || put === undefined ? undefined : await deps.children.find(client.program.name);
  if (file !== undefined && put !== undefined && !(await holds(path, change, deps))) {
    const run = (args: readonly string[], input?: Secret): ReturnType<typeof deps.children.run> =>
      deps.children.run({ file, args, limitMs: PROGRAM_LIMIT_MS, ...(input === undefined ? {} : { input }) });
    for (const name of without) await run(put(name).remove);
    const { remove, add } = put(at.path.at(-1) ?? '');
    // There may be nothing to remove, which it reports as a failure.
    await run(remove);
    await run(add, new Secret(JSON.stringify(value)));
    // What it says is not believed, but what the file holds. An older one that cannot read from standard input changes nothing.
    if (await holds(path, change, deps)) return { kind: 'changed', backup: null };
  }
  return changeFile(target, change, deps);
}

/** Takes the entry that names this grant out of a client's file. An entry of another grant stays, and so does everything else. */
export async function removeOwn(target: Target, grant: string | undefined, deps: TargetDeps): Promise<Changed> {
  const { client, scope, at, path } = target;
  const change: Change = (text) => {
    if (text === undefined) return { kind: 'same' };
    const found = findEntry(text, at);
    if (found.kind === 'untouchable') return found;
    return found.kind === 'there' && (grant === undefined || grantIn(found.value) === grant) ? removeEntry(text, at) : { kind: 'same' };
  };
  const remove = scope === 'user' ? client.program?.remove : undefined;
  const file = client.program === null || client.program.put === undefined || remove === undefined ? undefined : await deps.children.find(client.program.name);
  if (file !== undefined && remove !== undefined && !(await holds(path, change, deps))) {
    await deps.children.run({ file, args: remove(at.path.at(-1) ?? ''), limitMs: PROGRAM_LIMIT_MS });
    if (await holds(path, change, deps)) return { kind: 'changed', backup: null };
  }
  return changeFile(target, change, deps);
}
