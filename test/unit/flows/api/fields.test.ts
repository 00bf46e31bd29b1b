import { describe, expect, it } from 'vitest';
import { objectOf, queryOf, typedField } from '../../../../src/flows/api/fields.ts';
import { failedWith } from '../../../../src/model/failure.ts';

const fields = (...words: string[]) => words.map((word) => typedField(word, '--field'));

function usageOf(work: () => unknown): string {
  try {
    return `no failure but ${JSON.stringify(work())}`;
  } catch (thrown) {
    return failedWith(thrown, 'usage') ? thrown.detail : `another failure: ${String(thrown)}`;
  }
}

describe('a field', () => {
  it.each([
    ['a=1', 1],
    ['a=-1.5', -1.5],
    ['a=1e3', 1000],
    ['a=0', 0],
    ['a=true', true],
    ['a=false', false],
    ['a=null', null],
    ['a=', ''],
    ['a=b=c', 'b=c'],
    ['a=True', 'True'],
    ['a=01', '01'],
    ['a=+1', '+1'],
    ['a=0x10', '0x10'],
    ['a= 1', ' 1'],
    ['a=NaN', 'NaN'],
    ['a=1e999', '1e999'],
    ['a=9007199254740991', 9007199254740991],
    ['a=9007199254740993', '9007199254740993'],
    ['a=12345678901234567890', '12345678901234567890'],
    ['a=caf\u00e9', 'caf\u00e9'],
  ])('%s has the value %j', (word, value) => {
    expect(typedField(word, '--field')).toEqual({ name: 'a', value });
  });

  it.each(['', '=', '=SECRET-7f3a', 'SECRET-7f3a'])('%j is none, and is not repeated', (word) => {
    expect(usageOf(() => typedField(word, '--field'))).toBe('--field takes a name, an equals sign and a value.');
  });
});

describe('fields as an object', () => {
  it('lead inwards', () => {
    expect(objectOf(fields('a=1', 'b[c]=x', 'b[d][e]=true', 'f[]=1', 'f[]=two', 'b[g][]=null'))).toEqual({
      a: 1,
      b: { c: 'x', d: { e: true }, g: [null] },
      f: [1, 'two'],
    });
  });

  it('may be called anything', () => {
    expect(JSON.stringify(objectOf(fields('__proto__=1', 'constructor[prototype]=2', 'a b=3')))).toBe('{"__proto__":1,"constructor":{"prototype":2},"a b":3}');
  });

  it.each([
    [['a=1', 'a=2'], 'The field "a" is given twice.'],
    [['a[b]=1', 'a[b]=2'], 'The field "a[b]" is given twice.'],
    [['a=1', 'a[b]=2'], 'The field "a[b]" is an object here and something else there.'],
    [['a[b]=1', 'a=2'], 'The field "a" is given twice.'],
    [['a[]=1', 'a[b]=2'], 'The field "a[b]" is an object here and something else there.'],
    [['a[b]=1', 'a[]=2'], 'The field "a[]" is a list here and something else there.'],
    [['a=1', 'a[]=2'], 'The field "a[]" is a list here and something else there.'],
    [['a[][b]=1'], 'The field "a[][b]" has an empty step in the middle.'],
    [['a[b=1'], 'The field "a[b" has brackets that do not fit.'],
    [['a]=1'], 'The field "a]" has brackets that do not fit.'],
    [['[a]=1'], 'The field "[a]" has brackets that do not fit.'],
    [['a[b]c=1'], 'The field "a[b]c" has brackets that do not fit.'],
    [[`a${'[b]'.repeat(16)}=1`], `The field "${`a${'[b]'.repeat(16)}`}" leads too far inwards.`],
  ])('%j: %s', (words, detail) => {
    expect(usageOf(() => objectOf(fields(...words)))).toBe(detail);
  });
});

describe('fields as a query', () => {
  it('keep their names, and may come twice', () => {
    expect(queryOf(fields('a=1', 'a=x y', 'b[c]=&', 'd=null'))).toBe('a=1&a=x+y&b%5Bc%5D=%26&d=null');
  });
});
