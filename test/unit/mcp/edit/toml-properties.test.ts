import { execFile } from 'node:child_process';

import * as fc from 'fast-check';
import { parse } from 'smol-toml';
import { expect, it, describe } from 'vitest';

import { findEntry, putEntry, removeEntry } from '../../../../src/mcp/edit/edit.ts';
import type { Edited, EntryPlace, EntryValue } from '../../../../src/mcp/edit/entry.ts';
import { propertyRuns } from '../../../support/property-runs.ts';
import { describeWith } from '../../../support/requires.ts';
import { tomlFiles } from '../../../support/toml-files.ts';

const RUNS = propertyRuns(150);

const PLACE: EntryPlace = { format: 'toml', path: ['servers', 'ours'] };

/** TOML holds no lone surrogates, so strings are whole characters. */
const characters = fc.string({ unit: 'binary', maxLength: 12 }).filter((text) => text !== '__proto__');

const values: fc.Arbitrary<EntryValue> = fc.record({
  command: characters,
  args: fc.array(characters, { maxLength: 3 }),
  env: fc.dictionary(characters, characters, { noNullPrototype: true, maxKeys: 2 }),
  more: fc.constantFrom<EntryValue>(true, [], {}, { 'a.b': { c: ['x', { d: false }] } }),
});

const textOf = (edited: Edited, otherwise: string): string => (edited.kind === 'changed' ? edited.text : otherwise);

/** Everything but the entry, as text. A table that holds nothing else is left out. */
function foreign(text: string): string {
  const { servers, ...rest } = parse(text, { integersAsBigInt: true });
  const others = Object.entries(servers ?? {}).filter(([name]) => name !== 'ours');
  return JSON.stringify({ rest, others }, (_, value) => (typeof value === 'bigint' || typeof value === 'number' ? String(value) : value));
}

const commentsIn = (text: string): readonly string[] => text.match(/ #\d+; ?/g) ?? [];

/** A blank line before the entry goes with it. */
const withoutBlank = (text: string): string => text.replace(/(^\ufeff?|\n)\r?\n$/, '$1');

describe('an entry put into TOML', () => {
  it('is there, and nothing else is different', () => {
    fc.assert(
      fc.property(tomlFiles('absent', 'there', 'scattered'), values, (file, value) => {
        const text = textOf(putEntry(file.text, PLACE, value), '');
        expect(findEntry(text, PLACE)).toEqual({ kind: 'there', value });
        expect(foreign(text)).toBe(foreign(file.text));
        expect(putEntry(text, PLACE, value)).toEqual({ kind: 'same' });
        expect(commentsIn(text)).toEqual(commentsIn(file.isScattered ? file.text : file.before + file.after));
      }),
      RUNS,
    );
  });

  it('stands behind all that was there, and can be taken out again without a trace', () => {
    fc.assert(
      fc.property(tomlFiles('absent'), values, values, (file, value, other) => {
        const put = textOf(putEntry(file.text, PLACE, value), '');
        expect(put.startsWith(file.text)).toBe(true);
        const breaks = new Set(put.slice(file.text.length).match(/\r?\n/g));
        expect([...breaks]).toEqual([file.text.includes('\n') ? file.lineBreak : '\n']);
        const again = textOf(putEntry(put, PLACE, other), put);
        expect(textOf(removeEntry(again, PLACE), '')).toBe(file.text);
      }),
      RUNS,
    );
  });

  it('takes the place of the former one, byte for byte', () => {
    fc.assert(
      fc.property(tomlFiles('there'), values, ({ before, after, text }, value) => {
        const put = textOf(putEntry(text, PLACE, value), '');
        expect([put.slice(0, before.length), put.slice(put.length - after.length)]).toEqual([before, after]);
        expect(put.endsWith('\n')).toBe(text.endsWith('\n'));
      }),
      RUNS,
    );
  });
});

describe('an entry taken out of TOML', () => {
  it('goes with its own lines alone', () => {
    fc.assert(
      fc.property(tomlFiles('there'), ({ before, after, text }) => {
        const removed = textOf(removeEntry(text, PLACE), 'same');
        const rest = withoutBlank(before) + after;
        expect(removed).toBe(text.endsWith('\n') || after !== '' ? rest : rest.replace(/\r?\n$/, ''));
        expect(foreign(removed)).toBe(foreign(text));
        expect(removeEntry(removed, PLACE)).toEqual({ kind: 'same' });
      }),
      RUNS,
    );
  });

  it('goes from all places where it is', () => {
    fc.assert(
      fc.property(tomlFiles('scattered'), ({ text }) => {
        const removed = textOf(removeEntry(text, PLACE), 'same');
        expect(findEntry(removed, PLACE)).toEqual({ kind: 'absent' });
        expect(foreign(removed)).toBe(foreign(text));
        expect(commentsIn(removed)).toEqual(commentsIn(text));
      }),
      RUNS,
    );
  });
});

describe('any text as TOML', () => {
  const broken = fc
    .tuple(
      tomlFiles('absent', 'there'),
      fc.nat(),
      fc.nat({ max: 5 }),
      fc.constantFrom('', '[', ']', '"', '"""', "'''", '#', '\n', '\r', '=', '.', '{', 'servers', '[servers.ours]'),
    )
    .map(([{ text }, at, length, more]) => text.slice(0, at % (text.length + 1)) + more + text.slice((at % (text.length + 1)) + length));

  it('is edited well or not at all', () => {
    fc.assert(
      fc.property(broken, values, (text, value) => {
        const changed = [putEntry(text, PLACE, value), removeEntry(text, PLACE)].filter((edited) => edited.kind === 'changed');
        expect(changed.filter((edited) => foreign(edited.text) !== foreign(text))).toEqual([]);
      }),
      RUNS,
    );
  });

  it('keeps any name', () => {
    fc.assert(
      fc.property(characters, characters, values, (table, name, value) => {
        const place: EntryPlace = { format: 'toml', path: [table, name] };
        const text = textOf(putEntry('a.b = 1\n', place, value), '');
        const isTaken = table === 'a';
        expect(isTaken ? { kind: 'there', value } : findEntry(text, place)).toEqual({ kind: 'there', value });
      }),
      RUNS,
    );
  });
});

/** Reads pairs of documents, the former and the edited one, and names the first pair that differs in more than the entry. */
const PYTHON = `
import json, sys, tomllib
def foreign(text):
    content = tomllib.loads(text.lstrip('\\ufeff'))
    servers = content.pop('servers', {})
    ours = servers.pop('ours', None)
    return repr((content, servers)), ours
for index, (former, edited, value) in enumerate(json.load(sys.stdin)):
    (before, _), (after, ours) = foreign(former), foreign(edited)
    if before != after: sys.exit(f'{index}: something else changed')
    if ours != value: sys.exit(f'{index}: another value')
print('the same')
`;

describeWith(['python3'], 'a second reader', () => {
  it('finds the same, in TOML 1.0', async () => {
    const runs = RUNS.numRuns ?? 1;
    const files = fc.sample(tomlFiles('absent', 'there', 'scattered'), runs);
    const entries = fc.sample(values, runs);
    const triples = files.map(({ text }, index) => [text, textOf(putEntry(text, PLACE, entries[index] ?? {}), ''), entries[index] ?? {}]);
    const said = await new Promise((resolve) => {
      const child = execFile('python3', ['-c', PYTHON], (_, stdout, stderr) => resolve(stdout + stderr));
      child.stdin?.end(JSON.stringify(triples));
    });
    expect(said).toBe('the same\n');
  });
});
