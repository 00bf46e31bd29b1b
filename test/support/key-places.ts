import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A folder outside of every home, where keys may lie; gone with the test. */
export interface KeyPlaces {
  readonly dir: string;
  at(name: string): string;
  put(name: string, text: string): Promise<string>;
  /** The text of a file; undefined where there is none. */
  text(name: string): Promise<string | undefined>;
  /** A program that appends its standard input, which ends in a line end, to the file `name`; with a file `name.broken` beside it, it fails. */
  taker(name: string): Promise<string>;
}

export async function keyPlaces(): Promise<KeyPlaces> {
  const dir = await mkdtemp(join(tmpdir(), 'keys-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  const at = (name: string): string => join(dir, name);
  return {
    dir,
    at,
    put: async (name, text) => {
      await writeFile(at(name), text, { mode: 0o600 });
      return at(name);
    },
    text: (name) => readFile(at(name), 'utf8').catch(() => undefined),
    taker: async (name) => {
      const program = at(`take-${name}`);
      await writeFile(program, `#!/bin/sh\nif [ -e '${at(name)}.broken' ]; then echo 'the vault is closed' >&2; exit 3; fi\ncat >> '${at(name)}'\n`);
      await chmod(program, 0o755);
      return program;
    },
  };
}
