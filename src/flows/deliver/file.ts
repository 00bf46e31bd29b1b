import { Failure, isFailure } from '../../model/failure.ts';
import type { Secret } from '../../model/secret.ts';
import { plainText } from '../../render/plain-text.ts';
import { formatted } from './formats.ts';
import { type DeliverDeps, type ReadySink, type SinkFormat, untaken } from './sink.ts';

/** The absolute path of a file that a sink names. `usage` for none, and for a `~`, which no shell expands behind a colon. */
export function checkedPath(path: string, sink: string, { keyFiles }: Pick<DeliverDeps, 'keyFiles'>): string {
  if (path === '' || path.includes('\0')) throw new Failure('usage', { detail: `${sink} needs the path of a file.`, hint: `Such as ${sink}./key` });
  if (path.startsWith('~')) {
    throw new Failure('usage', {
      detail: `${sink}${plainText(path, 200)} begins with a "~" that the shell left as it is.`,
      hint: `Write "${sink}$HOME/..." instead, or ./~ for a file of that name.`,
    });
  }
  return keyFiles.resolve(path);
}

/** That the file can be written, and the place that it has behind links. `refused` otherwise. */
export async function writablePlace(path: string, { keyFiles }: Pick<DeliverDeps, 'keyFiles'>): Promise<string> {
  const check = await keyFiles.check(path);
  if (check.kind === 'writable') return check.place;
  throw new Failure('refused', { detail: `${plainText(path)} cannot be written: ${check.why}. No key was made.`, hint: 'Name a file in a folder of yours.' });
}

/** Writes a file that takes the key whole or not at all. */
export async function writeKey(path: string, text: Secret, { keyFiles }: Pick<DeliverDeps, 'keyFiles'>): Promise<void> {
  try {
    await keyFiles.write(path, text);
  } catch (thrown) {
    throw isFailure(thrown)
      ? untaken(thrown.code, { detail: thrown.detail, ...(thrown.hint === undefined ? {} : { hint: thrown.hint }), cause: thrown }, false)
      : thrown;
  }
}

/** `file:PATH`: the key alone, or in the format that was asked for, 0600. What lay there is replaced. */
export async function fileSink(path: string, format: SinkFormat | undefined, deps: DeliverDeps): Promise<ReadySink> {
  await writablePlace(path, deps);
  const before = async (): Promise<Secret | 'nothing'> => (await deps.keyFiles.read(path)) ?? 'nothing';
  // What is no text, or large, was never a key: it is not overwritten, and could not be brought back.
  await before();
  return {
    name: `file:${path}`,
    before,
    deliver: (delivery) => writeKey(path, formatted(delivery, format ?? 'raw'), deps),
    restore: (text) => (text === 'nothing' ? deps.keyFiles.delete(path) : deps.keyFiles.write(path, text)),
  };
}
