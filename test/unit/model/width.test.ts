import { describe, expect, it } from 'vitest';
import { columnsOf } from '../../../src/model/width.ts';

describe('the columns of a text', () => {
  it.each([
    ['', 0],
    ['plain text ~', 12],
    ['\u00fcber', 4],
    ['\u5bc6\u94a5', 4],
    ['\uac00\u3042\uff21', 6],
    ['\u{1f511}', 2],
    ['\u{20000}', 2],
    ['e\u0301', 1],
    ['e\u0301\u0302\u0303', 1],
    ['\u0416\u03a9\u05d0\u0627', 4],
  ])('of %j are %i', (text, columns) => {
    expect(columnsOf(text)).toBe(columns);
  });
});
