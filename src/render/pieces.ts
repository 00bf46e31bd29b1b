import { jsonText } from './json.ts';
import { createJsonWriter } from './json-writer.ts';
import { type Column, growingTable } from './table.ts';

/*
 * Results that come group by group and are written as they come: nothing of a group is kept once it is written. A group
 * without elements writes nothing, so that a failure before the first element finds nothing written yet.
 */

type Groups<Element> = AsyncIterable<readonly Element[]> | Iterable<readonly Element[]>;

/** The text that `jsonText` makes of the whole array, with its end of line. */
export async function* jsonArrayPieces(groups: Groups<unknown>, forTerminal: boolean): AsyncGenerator<string> {
  const pieces = forTerminal ? indentedElements(groups) : compactElements(groups);
  let begun = false;
  for await (const piece of pieces) {
    yield `${begun ? ',' : '['}${piece}`;
    begun = true;
  }
  yield begun ? `${forTerminal ? '\n' : ''}]\n` : '[]\n';
}

async function* indentedElements(groups: Groups<unknown>): AsyncGenerator<string> {
  for await (const group of groups) {
    if (group.length > 0) yield group.map((value) => `\n  ${jsonText(value, true).replaceAll('\n', '\n  ')}`).join(',');
  }
}

async function* compactElements(groups: Groups<unknown>): AsyncGenerator<string> {
  const writer = createJsonWriter();
  for await (const group of groups) {
    for (const value of group) {
      if (writer.isLong()) yield writer.take();
      else if (!writer.isEmpty()) writer.mark(',');
      writer.value(value);
    }
    if (group.length > 0) yield writer.take();
  }
}

/** One line of JSON for each element (JSON Lines), in a terminal too. */
export async function* jsonLinePieces(groups: Groups<unknown>): AsyncGenerator<string> {
  const writer = createJsonWriter();
  for await (const group of groups) {
    for (const value of group) {
      if (writer.isLong()) yield writer.take();
      writer.value(value);
      writer.mark('\n');
    }
    if (group.length > 0) yield writer.take();
  }
}

/** Rows that are held so that their columns can be aligned: as many as a person may read as one table. */
const ALIGNED = 1_000;

/** A table for a terminal, `none` where there is no row. Longer ones come in parts of a thousand rows. */
export async function* tablePieces<Row>(
  columns: ReadonlyArray<Column<Row>>,
  groups: Groups<Row>,
  none: string,
  width?: () => number | undefined,
): AsyncGenerator<string> {
  const lines = growingTable(columns, width);
  let held: Row[] = [];
  let begun = false;
  for await (const group of groups) {
    for (const row of group) held.push(row);
    if (held.length < ALIGNED) continue;
    yield lines(held);
    begun = true;
    held = [];
  }
  if (held.length > 0) yield lines(held);
  else if (!begun) yield none;
}
