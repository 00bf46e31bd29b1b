/** Puts a build in its place while other processes may be reading it. */
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';

/** A file that is not part of this build but younger than this may belong to another build that runs right now. */
const YOUNG_MS = 60_000;

/**
 * Writes `files` (relative name to text) in their order below `out`, each by renaming a whole file over the old one, and
 * then removes what is not among them. Names of chunks carry a hash of their content, so an old entry file goes on finding
 * its old chunks until the new one has replaced it. With `clean` the folder is removed first.
 */
export async function place(out, files, { clean }) {
  if (clean) await rm(out, { recursive: true, force: true });
  const staging = `${out}.tmp-${process.pid}`;
  await mkdir(staging, { recursive: true });
  try {
    let count = 0;
    for (const [name, text] of files) {
      const target = path.join(out, name);
      if (await holds(target, text)) continue;
      const staged = path.join(staging, String(count++));
      await writeFile(staged, text);
      await mkdir(path.dirname(target), { recursive: true });
      await rename(staged, target);
    }
    await sweep(out, new Set(files.keys()));
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

/** True when `target` has this text already; its time is renewed then, so that no sweep takes it for an old file. */
async function holds(target, text) {
  const present = await readFile(target, 'utf8').catch(() => undefined);
  if (present !== text) return false;
  const now = new Date();
  return utimes(target, now, now).then(
    () => true,
    () => false,
  );
}

async function sweep(out, wanted) {
  const entries = await readdir(out, { recursive: true, withFileTypes: true });
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath, entry.name);
    if (wanted.has(path.relative(out, file).replaceAll(path.sep, '/'))) continue;
    const { mtimeMs } = await stat(file).catch(() => ({ mtimeMs: Number.POSITIVE_INFINITY }));
    if (Date.now() - mtimeMs > YOUNG_MS) await rm(file, { force: true });
  }
}
