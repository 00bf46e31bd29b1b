import { readdirSync, readFileSync } from 'node:fs';

import { readWire, type WireEntry } from './wire.ts';

export interface Witness {
  /** The provider that it speaks for. */
  readonly id: string;
  readonly entries: readonly WireEntry[];
}

const FOLDER = new URL('../golden/wire/', import.meta.url);

/** Every witness that there is: one file for each provider. */
export function witnesses(): readonly Witness[] {
  return readdirSync(FOLDER)
    .toSorted()
    .map((file) => ({ id: file.replace(/\.http$/, ''), entries: readWire(readFileSync(new URL(file, FOLDER), 'utf8')) }));
}
