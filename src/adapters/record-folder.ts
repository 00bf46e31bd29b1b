import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../model/failure.ts';
import { isTemporaryOf, writeFileAtomically } from './atomic-file.ts';
import { systemCode } from './system-code.ts';
import { type Fields, fieldsIn } from './record-fields.ts';

/** A change that an older keywright would misread gets the next number. */
const FORMAT = 1;

const ENDING = '.json';

/** How records of one kind become the fields of a file, and come out of them again. */
export interface RecordKind<Item> {
  readonly dir: string;
  /** Names the file, so it is letters, digits or `_ -`. */
  readonly idOf: (item: Item) => string;
  readonly encode: (item: Item) => Fields;
  /** Undefined for anything that `encode` does not make. */
  readonly decode: (fields: Fields) => Item | undefined;
}

/** Records, one file each and 0600, so that two processes at once cannot drop each other's. */
export interface RecordFolder<Item> {
  /** In the order of their names. What cannot be read, or lies under another name than its own, is passed over. */
  list(): Promise<readonly Item[]>;
  find(id: string): Promise<Item | undefined>;
  /** Returns when the record is durable. `refused` where the folder does not allow it. */
  write(item: Item): Promise<void>;
  delete(id: string): Promise<void>;
  /** The ids of files that are there and hold no record: damaged, or of a newer version. */
  unreadable(): Promise<readonly string[]>;
}

function notWritten(path: string, error: unknown): unknown {
  const code = systemCode(error);
  if (code === undefined) return error;
  return new Failure('refused', {
    detail: `The state file ${path} cannot be written (${code}).`,
    hint: 'Its folder must be writable for you and have some space left; XDG_STATE_HOME moves it.',
    cause: error,
  });
}

/** What a file holds, read at once, which costs a fresh process less than to load what reads in the background; nothing where it cannot be read. */
function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function namesIn(dir: string): readonly string[] {
  try {
    return readdirSync(dir);
  } catch {
    return [];
  }
}

/** The records of a folder, which is made with 0700 by the first write. */
export function createRecordFolder<Item>({ dir, idOf, encode, decode }: RecordKind<Item>): RecordFolder<Item> {
  const pathOf = (id: string): string => join(dir, `${id}${ENDING}`);

  function find(id: string): Item | undefined {
    if (!/^[A-Za-z0-9_-]{1,64}$/.test(id)) return undefined;
    const fields = fieldsIn(textOf(pathOf(id)));
    const item = fields?.['v'] === FORMAT ? decode(fields) : undefined;
    return item !== undefined && idOf(item) === id ? item : undefined;
  }

  const ids = (): readonly string[] =>
    namesIn(dir)
      .filter((name) => name.endsWith(ENDING))
      .map((name) => name.slice(0, -ENDING.length))
      .sort();

  return {
    find: async (id) => find(id),
    list: async () =>
      ids()
        .map(find)
        .filter((item) => item !== undefined),
    unreadable: async () => {
      const found = ids().map((id) => ({ id, item: find(id) }));
      // One that was deleted meanwhile is no longer there.
      const left = new Set(ids());
      return found.flatMap(({ id, item }) => (item === undefined && left.has(id) ? [id] : []));
    },
    write: async (item) => {
      const path = pathOf(idOf(item));
      try {
        await writeFileAtomically(path, `${JSON.stringify({ v: FORMAT, ...encode(item) }, null, 2)}\n`, { mode: 0o600 });
      } catch (error) {
        throw notWritten(path, error);
      }
    },
    delete: async (id) => {
      const path = pathOf(id);
      try {
        rmSync(path, { force: true });
        // A write that was killed leaves its temporary file.
        for (const left of namesIn(dir).filter((name) => isTemporaryOf(`${id}${ENDING}`, name))) rmSync(join(dir, left), { force: true });
      } catch (error) {
        // Where there is no folder there is nothing to delete.
        if (systemCode(error) !== 'ENOTDIR') throw notWritten(path, error);
      }
    },
  };
}
