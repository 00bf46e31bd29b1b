/** The texts that hold a split value together (see `parts.ts`): its directory, and the list of generations that may have parts. */
export interface Directory {
  readonly generation: string;
  readonly count: number;
  /** Of the whole value in UTF-8, as base64url. */
  readonly sha256: string;
}

/** A generation whose parts exist, wholly or in part. */
export interface Generation {
  readonly generation: string;
  readonly count: number;
  /** Unix milliseconds. */
  readonly startedAt: number;
}

/** No value of ours begins so: stored credentials are JSON. One that does is split whatever its size. */
const DIRECTORY_MARK = 'keywright-parts:1:';

/** A write takes seconds. Parts of one that began an hour ago and never became current belong to a process that died. */
const STALE_AFTER_MS = 3_600_000;

export function isDirectory(entry: string): boolean {
  return entry.startsWith(DIRECTORY_MARK);
}

export function directoryText(directory: Directory): string {
  return `${DIRECTORY_MARK}${directory.generation}:${directory.count}:${directory.sha256}`;
}

/** The directory that an entry is; undefined where it is a value itself, or a directory that cannot be read. */
export function currentOf(entry: string): Directory | undefined {
  const match = /^keywright-parts:1:([\w-]+):([1-9][0-9]{0,5}):([\w-]{43})$/.exec(entry);
  return match === null ? undefined : { generation: match[1] ?? '', count: Number(match[2]), sha256: match[3] ?? '' };
}

/** In front of the name, since a name begins with an origin and may end with anything: no entry of a credential has this name. */
export function partName(name: string, generation: string, index: number): string {
  return `part:${generation}:${index}:${name}`;
}

export function generationsName(name: string): string {
  return `parts:${name}`;
}

export function isStale(generation: Generation, now: number): boolean {
  return now - generation.startedAt > STALE_AFTER_MS;
}

/** Lenient: a line that is not one is left out. It costs a few orphaned parts at most. */
export function readGenerations(list: string | undefined): readonly Generation[] {
  const matches = (list ?? '').split('\n').map((line) => /^([\w-]+) ([1-9][0-9]{0,5}) ([0-9]{1,15})$/.exec(line));
  return matches.flatMap((match) => (match === null ? [] : [{ generation: match[1] ?? '', count: Number(match[2]), startedAt: Number(match[3]) }]));
}

export function writeGenerations(generations: readonly Generation[]): string {
  return generations.map(({ generation, count, startedAt }) => `${generation} ${count} ${startedAt}`).join('\n');
}

/** The list with one more at its end; the oldest lines give way where it would become too long for one entry. */
export function addGeneration(known: readonly Generation[], added: Generation, maxBytes: number): readonly Generation[] {
  const list = [...known, added];
  while (list.length > 1 && writeGenerations(list).length > maxBytes) list.shift();
  return list;
}
