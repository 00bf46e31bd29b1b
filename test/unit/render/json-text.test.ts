import { describe, expect, it } from 'vitest';
import { indentedJson } from '../../../src/render/json-text.ts';

describe('indented JSON', () => {
  it.each([
    ['{"a":1,"b":[1,2,{"c":[]}],"d":{}}'],
    ['[]'],
    ['"a"'],
    ['null'],
    ['-1.5e+3'],
    ['{"a":"{[,:\\"]}","\\\\":"\\\\\\"","":[[[1]]]}'],
    ['[true,false,null,"\\u0041"]'],
  ])('%s is what JSON.stringify makes of it', (text) => {
    const expected = JSON.stringify(JSON.parse(text), null, 2).replace('"A"', '"\\u0041"').replace('-1500', '-1.5e+3');
    expect(indentedJson(text)).toBe(expected);
    expect(indentedJson(expected)).toBe(expected);
  });

  it('keeps every token as it is', () => {
    expect(indentedJson(' { "n" : 12345678901234567890 , "n" : 1.10 , "e" : [ \n ] , "t" : "  a : b , \\/ " } ')).toBe(
      '{\n  "n": 12345678901234567890,\n  "n": 1.10,\n  "e": [],\n  "t": "  a : b , \\/ "\n}',
    );
  });

  it('takes a long string in its stride', () => {
    const long = JSON.stringify('\\"x'.repeat(2_000_000));
    expect(indentedJson(`[${long}]`)).toBe(`[\n  ${long}\n]`);
  });
});
