import { describe, expect, it } from 'vitest';

import { entriesIn, findEntry, putEntry, removeEntry, snippet } from '../../../../src/mcp/edit/edit.ts';
import type { EntryPlace, FileFormat } from '../../../../src/mcp/edit/entry.ts';

const ENTRY = { command: 'node', args: ['mcp'] };

const place = (format: FileFormat, ...path: string[]): EntryPlace => ({ format, path: path.length === 0 ? ['servers', 'ours'] : path });

describe('a put entry', () => {
  it.each([
    [
      'comes first, so that no neighbour needs a comma, and a comment behind the brace stays there',
      '{\n\t// all\n\t"servers": { // mine\n\t\t// about a\n\t\t"a": {},\n\t},\n}\n',
      '{\n\t// all\n\t"servers": { // mine\n\t\t"ours": {\n\t\t\t"command": "node",\n\t\t\t"args": [\n\t\t\t\t"mcp"\n\t\t\t]\n\t\t},\n\t\t// about a\n\t\t"a": {},\n\t},\n}\n',
    ],
    ['stands in the line where all does', '{"servers":{"a":1}}', '{"servers":{"ours":{"command":"node","args":["mcp"]},"a":1}}'],
    ['has blanks where its neighbours have them', '{ "servers": { "a": 1 } }', '{ "servers": { "ours": { "command": "node", "args": [ "mcp" ] }, "a": 1 } }'],
    [
      'opens an empty table, with the line ends and the indentation of the file',
      '{\r\n    "servers": {}\r\n}',
      '{\r\n    "servers": {\r\n        "ours": {\r\n            "command": "node",\r\n            "args": [\r\n                "mcp"\r\n            ]\r\n        }\r\n    }\r\n}',
    ],
    [
      'leaves a comment to the neighbour that it is about',
      '{ "servers": { /* a */ "a": 1 } }',
      '{ "servers": { "ours": { "command": "node", "args": [ "mcp" ] }, /* a */ "a": 1 } }',
    ],
  ])('%s', (_, before, after) => {
    expect(putEntry(before, place('jsonc'), ENTRY)).toEqual({ kind: 'changed', text: after });
    expect(removeEntry(after, place('jsonc'))).toEqual({ kind: 'changed', text: before });
  });

  it.each([
    ['json', undefined],
    ['json', ''],
    ['jsonc', ' \n'],
    ['toml', undefined],
  ] as const)('makes a file where there is none (%s, %j)', (format, text) => {
    expect(putEntry(text, place(format), ENTRY)).toEqual({ kind: 'changed', text: snippet(place(format), ENTRY) });
  });

  it('stands below the comments of a file that holds nothing else', () => {
    expect(putEntry('// mine', place('jsonc'), true)).toEqual({ kind: 'changed', text: '// mine\n{\n  "servers": {\n    "ours": true\n  }\n}\n' });
  });
});

describe('a snippet', () => {
  it('is a whole document', () => {
    expect(JSON.parse(snippet(place('json', 'a.b', 'c"d'), ENTRY))).toEqual({ 'a.b': { 'c"d': ENTRY } });
    expect(snippet(place('toml', 'mcp_servers', 'a.b'), ENTRY)).toBe('[mcp_servers."a.b"]\ncommand = "node"\nargs = ["mcp"]\n');
  });
});

describe('a removed entry', () => {
  it.each([
    ['first', '{"servers": {\n  "ours": 1,\n  // b\n  "b": 2\n}}', '{"servers": {\n  // b\n  "b": 2\n}}'],
    ['last, with the comma before it', '{"servers": {\n  "a": 1, // a\n  // end\n  "ours": {}\n}}', '{"servers": {\n  "a": 1 // a\n  // end\n}}'],
    ['last, where commas trail', '{"servers": {\n  "a": 1,\n  "ours": {},\n}}', '{"servers": {\n  "a": 1,\n}}'],
    ['in a line with others', '{"servers": {"a": 1, "ours": 2, "b": 3}}', '{"servers": {"a": 1, "b": 3}}'],
    ['where commas lead', '{"servers": {\n  "a": 1\n  , "ours": 2\n  , "b": 3\n}}', '{"servers": {\n  "a": 1\n  , "b": 3\n}}'],
    ['alone', '{"servers": {\n  "ours": 2\n}}', '{"servers": {}}'],
    [
      'before a comment that goes on in the next line',
      '{"servers": {\n  "ours": 2, /* b,\n  and c */\n  "b": 3\n}}',
      '{"servers": {\n  /* b,\n  and c */\n  "b": 3\n}}',
    ],
    ['before a comment about the next in its line', '{"servers": {\n  "ours": 2, /* b */ "b": 3\n}}', '{"servers": {\n  /* b */ "b": 3\n}}'],
  ])('%s', (_, before, after) => {
    expect(removeEntry(before, place('jsonc'))).toEqual({ kind: 'changed', text: after });
  });
});

describe('the entries of a table', () => {
  it('are all listed, also one that stands twice', () => {
    expect(entriesIn('{"servers": {"a": {"key": "x"}, "a": 1}}', place('jsonc', 'servers'))).toEqual([
      { name: 'a', value: { key: 'x' } },
      { name: 'a', value: 1 },
    ]);
    expect(entriesIn('servers = { a = { n = 5 } }', place('toml', 'servers'))).toEqual([{ name: 'a', value: { n: 5 } }]);
  });

  it.each(['json', 'toml'] as const)('are none where there is no table (%s)', (format) => {
    expect(entriesIn('', place(format, 'servers'))).toEqual([]);
  });

  it('are not listed of a file that does not parse', () => {
    expect(entriesIn('{\n"servers": {]', place('jsonc', 'servers'))).toEqual({ kind: 'untouchable', why: 'it is no valid JSON: see line 2' });
  });
});

describe('a file is not touched', () => {
  const deep = '['.repeat(100_000);
  it.each<[string, FileFormat, string, string]>([
    ['does not parse', 'jsonc', '{\n  "servers": {\n  "a" 1}}', 'it is no valid JSON: see line 3'],
    ['has a comment for a strict reader', 'json', '{\n// x\n}', 'it has a comment in line 2, which its reader does not take'],
    ['has a trailing comma for a strict reader', 'json', '{"a": 1,\n}', 'it is no valid JSON: see line 2'],
    ['has our entry twice', 'jsonc', '{"servers": {"ours": 1, "ours": 2}}', 'it has servers / ours twice'],
    ['has our table twice', 'jsonc', '{"servers": {}, "servers": {}}', 'it has servers twice'],
    ['has null for our table', 'jsonc', '{"servers": null}', 'its servers is no object'],
    ['has a list for our table', 'json', '{"servers": []}', 'its servers is no object'],
    ['is a list', 'json', '[]', 'it holds no object'],
    ['has an unsafe name', 'json', '{"a": {"__prot\\u006f__": 1}}', 'it has the name __proto__, which some programs misread'],
    ['is nested too deeply', 'json', deep, 'it is nested too deeply'],
    ['is no TOML', 'toml', 'a = 1\nb = \n', 'it is no valid TOML: see line 2'],
    ['has its tables inline', 'toml', 'servers = { a = {} }', 'its servers is written inline or with dotted names'],
    ['has its tables in dotted names', 'toml', 'servers.a.command = "x"', 'its servers is written inline or with dotted names'],
    ['has our table inline', 'toml', '[servers]\nours = {}', 'its servers.ours is written inline or with dotted names'],
    ['has an array of our tables', 'toml', '[[servers.ours]]', 'its servers.ours is an array of tables'],
    ['has an array on the way', 'toml', '[[servers]]', 'its servers is an array of tables'],
    ['has an unsafe name in TOML', 'toml', '[__proto__]', 'it has the name __proto__, which some programs misread'],
    ['is TOML nested too deeply', 'toml', `[${'a.'.repeat(2_000)}a]`, 'it is nested too deeply'],
  ])('that %s', (_, format, text, why) => {
    const refused = { kind: 'untouchable', why };
    expect(findEntry(text, place(format))).toEqual(refused);
    expect(putEntry(text, place(format), ENTRY)).toEqual(refused);
    expect(removeEntry(text, place(format))).toEqual(refused);
  });

  it('where the entry itself could not be read back', () => {
    expect(putEntry('', place('toml'), { command: '\ud800' }).kind).toBe('untouchable');
    expect(putEntry('', place('json', '__proto__', 'ours'), ENTRY).kind).toBe('untouchable');
    expect(putEntry('', { format: 'json', path: [] }, ENTRY)).toEqual({ kind: 'untouchable', why: 'no entry is named' });
  });
});
