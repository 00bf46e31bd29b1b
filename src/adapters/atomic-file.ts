import { basename, dirname, join } from 'node:path';
import { systemCode } from './system-code.ts';

/** Most commands only read, which their adapters do without it; it takes Node a while to load. */
const files = () => import('node:fs/promises');

export interface FileOptions {
  /** Permission bits of the file, such as 0o600. */
  readonly mode: number;
}

/**
 * Replaces the file at `path` by `text`, or leaves it as it was: the text goes to a temporary file in the same folder, reaches
 * the disk, and is renamed over the old one; then the folder reaches the disk. A reader sees the old or the new text, never
 * a part. Missing folders are made with 0700. A link at `path` is replaced by a file; what it points to stays as it is.
 * A failure is the system's own error (`ENOSPC`, `EACCES`, `EROFS` ...), and the temporary file is gone. A process that is
 * killed half-way leaves `<name>.<chance>.tmp` behind.
 */
export async function writeFileAtomically(path: string, text: string, options: FileOptions): Promise<void> {
  await replaceFileAtomically(path, text, { ...options, mayReplace: async () => true });
}

/** As `writeFileAtomically`, but asks at the last moment, with the new text on the disk already, whether the old file may still go. `kept`: it stays. */
export async function replaceFileAtomically(
  path: string,
  text: string,
  options: FileOptions & { readonly mayReplace: () => Promise<boolean> },
): Promise<'replaced' | 'kept'> {
  const temporary = await writeTemporary(path, text, options);
  try {
    if (!(await options.mayReplace())) {
      await discard(temporary);
      return 'kept';
    }
    await (await files()).rename(temporary, path);
  } catch (error) {
    await discard(temporary);
    throw error;
  }
  await syncFolder(dirname(path));
  return 'replaced';
}

/** As `writeFileAtomically`, but never replaces: where something has the name already, it stays and the answer is `exists`. */
export async function createFileAtomically(path: string, text: string, options: FileOptions): Promise<'created' | 'exists'> {
  const temporary = await writeTemporary(path, text, options);
  try {
    await (await files()).link(temporary, path);
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return 'exists';
    throw error;
  } finally {
    await discard(temporary);
  }
  await syncFolder(dirname(path));
  return 'created';
}

/** True for the name of a temporary file that was to become `name`. */
export function isTemporaryOf(name: string, candidate: string): boolean {
  return candidate.startsWith(`${name}.`) && candidate.endsWith('.tmp');
}

async function writeTemporary(path: string, text: string, options: FileOptions): Promise<string> {
  const [{ mkdir, open }, { randomBytes }] = await Promise.all([files(), import('node:crypto')]);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const temporary = join(dirname(path), `${basename(path)}.${randomBytes(6).toString('base64url')}.tmp`);
  const file = await open(temporary, 'wx', options.mode);
  try {
    await file.writeFile(text);
    await file.chmod(options.mode); // The umask may have taken bits that were asked for.
    await file.sync();
  } catch (error) {
    await file.close();
    await discard(temporary);
    throw error;
  }
  await file.close();
  return temporary;
}

/** Removes a temporary file as well as it can be: the error that matters is the one before. */
async function discard(temporary: string): Promise<void> {
  const { unlink } = await files();
  await unlink(temporary).catch(() => undefined);
}

/** Makes a rename durable. Windows cannot open a folder, and some file systems cannot sync one; the rename stands all the same. */
async function syncFolder(folder: string): Promise<void> {
  try {
    const { open } = await files();
    const handle = await open(folder, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (!['EISDIR', 'EPERM', 'EACCES', 'EINVAL', 'ENOTSUP'].includes(systemCode(error) ?? '')) throw error;
  }
}
