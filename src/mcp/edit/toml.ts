import { isFields } from '../../providers/read.ts';
import type { Edited, EntryPlace, EntryValue, FoundEntry, NamedEntry, Untouchable } from './entry.ts';
import { breakNear } from './lines.ts';
import { sameValue } from './same.ts';
import { spliced, type Splice } from './splice.ts';
import { at, foreignPart, plain, readToml } from './toml-read.ts';
import { statementsOf, type Statement } from './toml-statements.ts';
import { isTable, tableText } from './toml-text.ts';
import { isUntouchable, NOT_ALONE, untouchable } from './untouchable.ts';

/** A stretch of whole lines that belong to our entry alone. */
interface Block {
  readonly from: number;
  readonly to: number;
}

/** The entry as it stands in a file: `blocks` are empty where it is absent. */
type Read = { readonly kind: 'read'; readonly value: unknown; readonly blocks: readonly Block[] } | Untouchable;

export function findInToml(text: string, { path }: EntryPlace): FoundEntry {
  const read = readEntry(text, path);
  if (isUntouchable(read)) return read;
  return read.value === undefined ? { kind: 'absent' } : { kind: 'there', value: plain(read.value) };
}

/** See `entriesIn` of edit.ts. */
export function entriesInToml(text: string, { path }: EntryPlace): readonly NamedEntry[] | Untouchable {
  const document = readToml(text);
  if (isUntouchable(document)) return document;
  const table = at(document.content, path);
  if (table === undefined) return [];
  if (!isFields(table)) return untouchable(`its ${path.join('.')} is no table`);
  return Object.entries(table).map(([name, value]) => ({ name, value: plain(value) }));
}

/** See `putEntry` of edit.ts. A new table goes to the end of the file, after a blank line. */
export function putInToml(text: string, { path }: EntryPlace, value: EntryValue): Edited {
  const read = readEntry(text, path);
  if (isUntouchable(read)) return read;
  if (!isTable(value)) return untouchable('in TOML an entry is a table');
  if (sameValue(read.value, value)) return { kind: 'same' };
  const [first, ...others] = read.blocks;
  if (first === undefined) return checked(text, path, text + appended(text, path, value), value);
  const written = tableText(path, value, breakNear(text, first.from)) + (/\r?\n$/.exec(text.slice(first.from, first.to))?.[0] ?? '');
  return checked(text, path, spliced(text, [{ ...first, text: written }, ...others.map((block) => without(text, block))]), value);
}

/** See `removeEntry` of edit.ts. Takes the blank line before the table, too, since putting it there made one. */
export function removeFromToml(text: string, { path }: EntryPlace): Edited {
  const read = readEntry(text, path);
  if (isUntouchable(read)) return read;
  if (read.value === undefined) return { kind: 'same' };
  const splices = read.blocks.map((block) => without(text, block));
  return checked(text, path, spliced(text, splices), undefined);
}

/** What is to be added at the end of a file. One that does not end its last line gets none that does. */
function appended(text: string, path: readonly string[], value: EntryValue): string {
  const lineBreak = breakNear(text, text.length);
  const table = tableText(path, value, lineBreak);
  if (text === '') return table + lineBreak;
  return text.endsWith('\n') ? lineBreak + table + lineBreak : lineBreak + lineBreak + table;
}

function without(text: string, { from, to }: Block): Splice {
  const blank = /(?:^|\n)(\r?\n)$/.exec(text.slice(0, from))?.[1]?.length ?? 0;
  const endsLine = to < text.length || text.endsWith('\n');
  const former = endsLine ? 0 : (/\r?\n$/.exec(text.slice(0, from - blank))?.[0].length ?? 0);
  return { from: from - blank - former, to, text: '' };
}

function readEntry(text: string, path: readonly string[]): Read {
  const document = readToml(text);
  if (isUntouchable(document)) return document;
  const statements = statementsOf(text);
  const obstacle = obstacleIn(statements, path);
  return obstacle ?? { kind: 'read', value: at(document.content, path), blocks: blocksOf(statements, path) };
}

/** Why our table cannot be changed alone: it, or one on the way to it, is written inline, with dotted names, or as an array of tables. */
function obstacleIn(statements: readonly Statement[], path: readonly string[]): Untouchable | undefined {
  let table: readonly string[] = [];
  for (const { kind, names } of statements) {
    if (kind === 'pair') {
      const isOnTheWay = table.length < path.length && begins(table, path);
      if (isOnTheWay && names[0] === path[table.length]) {
        return untouchable(`its ${path.slice(0, table.length + 1).join('.')} is written inline or with dotted names`);
      }
    } else {
      if (kind === 'element' && begins(names, path)) return untouchable(`its ${names.join('.')} is an array of tables`);
      table = names;
    }
  }
  return undefined;
}

/** The headers of our table and the tables in it, each with its pairs. Comments after the last pair belong to what follows. */
function blocksOf(statements: readonly Statement[], path: readonly string[]): readonly Block[] {
  const blocks: Block[] = [];
  let isOurs = false;
  for (const { kind, names, from, to } of statements) {
    const wasOurs = isOurs;
    if (kind !== 'pair') isOurs = begins(path, names);
    if (isOurs && wasOurs) blocks.push({ from: blocks.pop()?.from ?? from, to });
    else if (isOurs) blocks.push({ from, to });
  }
  return blocks;
}

/** Whether `names` begins with `start`. */
function begins(start: readonly string[], names: readonly string[]): boolean {
  return start.every((name, index) => names[index] === name);
}

/** Gives the new text if it parses, has the entry (or has it no more, where `value` is undefined), and is otherwise as it was. */
function checked(before: string, path: readonly string[], text: string, value: EntryValue | undefined): Edited {
  const [former, after] = [readToml(before), readToml(text)];
  if (isUntouchable(former) || isUntouchable(after)) return untouchable(NOT_ALONE);
  const isRight = sameValue(at(after.content, path), value);
  const isAlone = sameValue(foreignPart(after.content, path), foreignPart(former.content, path));
  return isRight && isAlone ? { kind: 'changed', text } : untouchable(NOT_ALONE);
}
