import { describe, expect, it } from 'vitest';
import { splitWords } from '../../../src/adapters/command-words.ts';

describe('a command line', () => {
  it.each([
    ['', []],
    ['   ', []],
    ['vault kv put', ['vault', 'kv', 'put']],
    ['  a\t b \n c ', ['a', 'b', 'c']],
    ["a 'two words' b", ['a', 'two words', 'b']],
    ['a "two words" b', ['a', 'two words', 'b']],
    [String.raw`a\ b c\'d`, ['a b', "c'd"]],
    [String.raw`"a\"b\\c\d"`, [String.raw`a"b\c\d`]],
    [String.raw`'a\b'`, [String.raw`a\b`]],
    [`a'b'"c"d`, ['abcd']],
    [`'it'\\''s'`, ["it's"]],
    [`a '' ""`, ['a', '', '']],
    ['echo $HOME `id` $(id) * ; | > ~', ['echo', '$HOME', '`id`', '$(id)', '*', ';', '|', '>', '~']],
    ['a "$HOME"', ['a', '$HOME']],
  ])('%j is the words %j', (line, words) => {
    expect(splitWords(line)).toEqual(words);
  });

  it.each(["a 'b", 'a "b', String.raw`a "b\"`, 'a \\'])('%j is not understood', (line) => {
    expect(() => splitWords(line)).toThrow(/^usage: A quote or a backslash in the command is not closed\.$/);
  });
});
