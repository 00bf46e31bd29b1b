import { describe, expect, it } from 'vitest';
import { valueIn, withoutLine, withValue } from '../../../../src/flows/deliver/env-lines.ts';

const MARK = '\uFEFF';

describe('withValue', () => {
  it.each([
    ['one of several lines', 'A=1\nKEY=old\nB=2\n', "A=1\nKEY='new'\nB=2\n"],
    ['Windows line ends', 'A=1\r\nKEY=old\r\nB=2\r\n', "A=1\r\nKEY='new'\r\nB=2\r\n"],
    ['a byte order mark', `${MARK}KEY=old\n`, `${MARK}KEY='new'\n`],
    ['export', 'export KEY=old\n', "export KEY='new'\n"],
    ['export and blanks before it', '\t export  KEY=old\n', "\t export  KEY='new'\n"],
    ['blanks around the sign', 'KEY = old\n', "KEY = 'new'\n"],
    ['a comment behind it', 'KEY=old  # from the dashboard\n', "KEY='new'  # from the dashboard\n"],
    ['a comment behind quotes', 'KEY="old # no comment" # yes\n', "KEY='new' # yes\n"],
    ['no value', 'KEY=\nB=2\n', "KEY='new'\nB=2\n"],
    ['nothing but a comment as value', 'KEY= # to do\n', "KEY='new' # to do\n"],
    ['a sign that is no comment', 'KEY=ab#cd\n', "KEY='new'\n"],
    ['words without quotes', 'KEY=two words \n', "KEY='new' \n"],
    ['quotes that stick together', 'KEY="a"\'b\'c d\n', "KEY='new' d\n"],
    ['an escaped quote', 'KEY="a \\" b"\nB=2\n', "KEY='new'\nB=2\n"],
    ['a value of several lines', 'KEY="one\nKEY=two\nthree"\nB=2\n', "KEY='new'\nB=2\n"],
    ['a quote that is never closed', "KEY='old\nB=2\n", "KEY='new'\nB=2\n"],
    ['no line end at the end', 'A=1\nKEY=old', "A=1\nKEY='new'"],
    ['names that only look like it', 'KEY_2=a\nMY_KEY=b\nKEY.x=c\nKEY-x=d\nkey=e\nKEY=old\n', "KEY_2=a\nMY_KEY=b\nKEY.x=c\nKEY-x=d\nkey=e\nKEY='new'\n"],
    ['a line that is commented out', '# KEY=older\nKEY=old\n', "# KEY=older\nKEY='new'\n"],
    ["a line inside of another's value", "TEXT='first\nKEY=inside\n'\nKEY=old\n", "TEXT='first\nKEY=inside\n'\nKEY='new'\n"],
  ])('changes the value alone, with %s', (_title, before, after) => {
    expect(withValue(before, 'KEY', "'new'")).toBe(after);
  });

  it.each([
    ['an empty file', '', "KEY='new'\n"],
    ['a file with nothing but a byte order mark', MARK, `${MARK}KEY='new'\n`],
    ['a file that ends with a line end', 'A=1\n', "A=1\nKEY='new'\n"],
    ['a file that does not', 'A=1', "A=1\nKEY='new'\n"],
    ['a file with Windows line ends', 'A=1\r\nB=2', "A=1\r\nB=2\r\nKEY='new'\r\n"],
    ['a file where it is only mentioned', '# KEY=x\nexport KEY\necho KEY=x\n', "# KEY=x\nexport KEY\necho KEY=x\nKEY='new'\n"],
  ])('adds a line to %s', (_title, before, after) => {
    expect(withValue(before, 'KEY', "'new'")).toBe(after);
  });
});

describe('valueIn', () => {
  it.each([
    ['KEY="old" # c\n', { kind: 'once', value: '"old"' }],
    ['KEY=\n', { kind: 'once', value: '' }],
    ['A=1\n', { kind: 'nothing' }],
    ['KEY=a\nexport KEY=b\n', { kind: 'twice' }],
    ["TEXT='\nKEY=a\n'\nKEY=b\n", { kind: 'once', value: 'b' }],
  ])('tells how %j sets it', (text, found) => {
    expect(valueIn(text, 'KEY')).toEqual(found);
  });

  it('gives what brings the old text back', () => {
    const text = `${MARK}A=1\r\nexport KEY="old" # why\r\nB='2'`;
    const before = valueIn(text, 'KEY');
    expect(before.kind === 'once' && withValue(withValue(text, 'KEY', "'new'"), 'KEY', before.value)).toBe(text);
  });
});

describe('withoutLine', () => {
  it.each([
    ['A=1\nKEY=x\nB=2\n', 'A=1\nB=2\n'],
    ['A=1\r\nKEY=x\r\n', 'A=1\r\n'],
    ['KEY="a\nb"\n', ''],
    ['A=1\n', 'A=1\n'],
  ])('takes the line of %j out', (before, after) => {
    expect(withoutLine(before, 'KEY')).toBe(after);
  });
});
