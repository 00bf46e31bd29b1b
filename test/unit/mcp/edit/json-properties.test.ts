import * as fc from 'fast-check';
import { parse, type ParseError } from 'jsonc-parser';
import { describe, expect, it } from 'vitest';

import { findEntry, putEntry, removeEntry } from '../../../../src/mcp/edit/edit.ts';
import type { Edited, EntryPlace, EntryValue } from '../../../../src/mcp/edit/entry.ts';
import { jsonFiles, OWN, type JsonFile } from '../../../support/json-files.ts';
import { propertyRuns } from '../../../support/property-runs.ts';

const RUNS = propertyRuns(150);

const values: fc.Arbitrary<EntryValue> = fc
  .oneof(
    fc.record({
      command: fc.string({ unit: 'binary' }),
      args: fc.array(fc.string(), { maxLength: 3 }),
      env: fc.dictionary(fc.string(), fc.string(), { noNullPrototype: true, maxKeys: 2 }),
    }),
    fc.constant({ type: 'stdio', command: '/usr/bin/node', args: ['mcp', 'memax'], nested: { deep: [{ yes: true }, []] } }),
  )
  .filter((value) => !JSON.stringify(value).includes('__proto__'));

const placeIn = ({ format }: Pick<JsonFile, 'format'>): EntryPlace => ({ format, path: ['servers', 'ours'] });

const body = (text: string): string => text.replace('\ufeff', '');

const textOf = (edited: Edited, otherwise: string): string => (edited.kind === 'changed' ? edited.text : otherwise);

type Content = Record<string, unknown> & { servers?: Record<string, unknown> };

/** Reads with the strict reader where the file is meant for one. */
function read(text: string, format: JsonFile['format']): Content {
  if (format === 'json') return JSON.parse(body(text));
  const errors: ParseError[] = [];
  const content: Content = parse(body(text), errors, { allowTrailingComma: true });
  expect(errors).toEqual([]);
  return content;
}

/** Everything but the entry, as text, so that the order of names counts. A table that holds nothing else is left out. */
function foreign(text: string, format: JsonFile['format']): string {
  const content = read(text, format);
  if (content.servers !== undefined) {
    delete content.servers['ours'];
    if (Object.keys(content.servers).length === 0) delete content.servers;
  }
  return JSON.stringify(content);
}

const commentsIn = (text: string): readonly string[] => text.match(/(?:own)?#\d+;/g) ?? [];

const linesOf = (text: string): readonly string[] => text.split(/\r?\n/);

/** Whether all of `some` are in `all`, in that order. */
function isWithin(some: readonly string[], all: readonly string[]): boolean {
  let at = 0;
  for (const each of all) if (each === some[at]) at += 1;
  return at === some.length;
}

/** Whether `longer` is `shorter` with one piece more somewhere. */
function isInsertion(shorter: string, longer: string): boolean {
  let start = 0;
  while (start < shorter.length && shorter[start] === longer[start]) start += 1;
  return longer.length > shorter.length && longer.endsWith(shorter.slice(start));
}

describe('an entry put into JSON', () => {
  it('is there, and nothing else is different', () => {
    fc.assert(
      fc.property(jsonFiles(), values, (file, value) => {
        const edited = putEntry(file.text, placeIn(file), value);
        expect(edited.kind).toBe('changed');
        const text = textOf(edited, '');
        expect(findEntry(text, placeIn(file))).toEqual({ kind: 'there', value });
        expect(foreign(text, file.format)).toBe(foreign(file.text, file.format));
        expect(putEntry(text, placeIn(file), value)).toEqual({ kind: 'same' });
        expect(text.startsWith('\ufeff')).toBe(file.text.startsWith('\ufeff'));
      }),
      RUNS,
    );
  });

  it('takes the place of the former one, byte for byte', () => {
    fc.assert(
      fc.property(jsonFiles({ has: ['entry'] }), values, ({ before, after, ...file }, value) => {
        const text = textOf(putEntry(file.text, placeIn(file), value), '');
        expect([text.slice(0, before.length), text.slice(-after.length)]).toEqual([before, after]);
      }),
      RUNS,
    );
  });

  it('is one piece more in a table that was there', () => {
    fc.assert(
      fc.property(jsonFiles({ has: ['table'] }), values, (file, value) => {
        expect(isInsertion(file.text, textOf(putEntry(file.text, placeIn(file), value), ''))).toBe(true);
      }),
      RUNS,
    );
  });

  it('comes with its table where there is none, and only blanks in an empty object go', () => {
    fc.assert(
      fc.property(jsonFiles({ has: ['nothing'] }), values, (file, value) => {
        const text = textOf(putEntry(file.text, placeIn(file), value), '');
        expect(isInsertion(file.text.replaceAll(/\s/g, ''), text.replaceAll(/\s/g, ''))).toBe(true);
        expect(foreign(textOf(removeEntry(text, placeIn(file)), ''), file.format)).toBe(foreign(file.text, file.format));
      }),
      RUNS,
    );
  });

  it('leaves every line as it was where properties have lines of their own', () => {
    fc.assert(
      fc.property(jsonFiles({ has: ['table', 'nothing'], style: 'lines' }), values, (file, value) => {
        const text = textOf(putEntry(file.text, placeIn(file), value), '');
        const kept = linesOf(file.text).filter((line) => !/\{ ?\}?,?\s*(?:\/[/*].*)?$/.test(line) && !/^\s*\}/.test(line));
        expect(isWithin(kept, linesOf(text))).toBe(true);
        expect([...new Set(text.match(/\r?\n/g))]).toEqual(text.includes('\n') ? [file.text.includes('\n') ? file.lineBreak : '\n'] : []);
      }),
      RUNS,
    );
  });

  it('can be taken out again, and every byte is as before', () => {
    fc.assert(
      fc.property(jsonFiles({ has: ['table'] }), values, values, (file, value, other) => {
        const put = textOf(putEntry(file.text, placeIn(file), value), '');
        const again = textOf(putEntry(put, placeIn(file), other), put);
        expect(textOf(removeEntry(again, placeIn(file)), '')).toBe(file.text);
      }),
      RUNS,
    );
  });
});

describe('an entry taken out of JSON', () => {
  it('is gone with its own lines and one comma', () => {
    fc.assert(
      fc.property(jsonFiles({ has: ['entry'] }), (file) => {
        const text = textOf(removeEntry(file.text, placeIn(file)), '');
        expect(findEntry(text, placeIn(file))).toEqual({ kind: 'absent' });
        expect(foreign(text, file.format)).toBe(foreign(file.text, file.format));
        expect(removeEntry(text, placeIn(file))).toEqual({ kind: 'same' });
        const kept = [...commentsIn(file.before), ...commentsIn(file.after)].filter((comment) => !comment.startsWith(OWN));
        expect(commentsIn(text).filter((comment) => !comment.startsWith(OWN))).toEqual(kept);
      }),
      RUNS,
    );
  });

  it('takes no line of others with it', () => {
    const bare = (line: string): string => line.replaceAll(/,(?=\s*(?:\/[/*].*)?$)/g, '');
    fc.assert(
      fc.property(jsonFiles({ has: ['entry'], style: 'lines' }), (file) => {
        const text = textOf(removeEntry(file.text, placeIn(file)), '');
        const isEmptied = /"servers": \{\}/.test(text);
        expect(isEmptied || isWithin(linesOf(text).map(bare), linesOf(file.text).map(bare))).toBe(true);
        const [before, after] = [linesOf(file.before).slice(0, -1), linesOf(file.after).slice(1)];
        expect(isEmptied || isWithin([...before, ...after].map(bare), linesOf(text).map(bare))).toBe(true);
      }),
      RUNS,
    );
  });
});

describe('any text', () => {
  const broken = fc
    .tuple(
      jsonFiles(),
      fc.nat(),
      fc.nat({ max: 5 }),
      fc.constantFrom('', '{', '}', ',', '"', '//', '/*', '\n', '\r', '[', ':', '\u0000', 'servers', '"ours":1,'),
    )
    .map(([file, at, length, more]) => ({
      ...file,
      text: file.text.slice(0, at % (file.text.length + 1)) + more + file.text.slice((at % (file.text.length + 1)) + length),
    }));

  it('is edited well or not at all', () => {
    fc.assert(
      fc.property(broken, values, fc.constantFrom('json', 'jsonc'), (file, value, format) => {
        const place: EntryPlace = { format, path: ['servers', 'ours'] };
        const changed = [putEntry(file.text, place, value), removeEntry(file.text, place)].filter((edited) => edited.kind === 'changed');
        const isBare = changed.length === 0 || parse(body(file.text)) === undefined;
        const former = isBare ? '{}' : foreign(file.text, format);
        expect(changed.filter(({ text }) => foreign(text, format) !== former)).toEqual([]);
      }),
      RUNS,
    );
  });

  it('is no reason to throw', () => {
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.constantFrom('{', '}', '"', ':', ',', '//', '\n', '[', ']', ' ', '"servers"', '"ours"', '/*', '*/', '1') }),
    );
    fc.assert(
      fc.property(
        texts,
        fc.constantFrom('json', 'jsonc', 'toml'),
        fc.array(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 3 }),
        values,
        (text, format, path, value) => {
          const kinds = [findEntry(text, { format, path }).kind, putEntry(text, { format, path }, value).kind, removeEntry(text, { format, path }).kind];
          expect(['absent', 'there', 'changed', 'same', 'untouchable']).toEqual(expect.arrayContaining(kinds));
        },
      ),
      RUNS,
    );
  });
});

describe('any name', () => {
  it('is found under itself', () => {
    const names = fc.string({ unit: 'binary' }).filter((name) => name !== '__proto__');
    fc.assert(
      fc.property(fc.array(names, { minLength: 1, maxLength: 3 }), names, values, (tables, name, value) => {
        const place: EntryPlace = { format: 'json', path: [...tables, name] };
        const other: EntryPlace = { format: 'json', path: [...tables, `${name}2`] };
        const text = textOf(putEntry(textOf(putEntry(undefined, other, 'x'), ''), place, value), '');
        expect(place.path.reduce((inner, step) => inner[step], JSON.parse(text))).toEqual(value);
        expect(textOf(removeEntry(text, place), '')).toBe(textOf(putEntry(undefined, other, 'x'), ''));
      }),
      RUNS,
    );
  });
});
