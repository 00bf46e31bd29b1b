import { describe, expect, it } from 'vitest';
import { wrapped } from '../../../src/model/wrap.ts';

describe('lines of a width', () => {
  it('are broken between words, by the columns that these take', () => {
    expect(wrapped('ab cd ef', 5)).toEqual(['ab cd', 'ef']);
    expect(wrapped('\u5bc6\u94a5 \u5bc6\u94a5 ab', 7)).toEqual(['\u5bc6\u94a5', '\u5bc6\u94a5 ab']);
  });

  it('keep whole what is copied', () => {
    expect(wrapped('a an-id-of-some-length b', 8)).toEqual(['a', 'an-id-of-some-length', 'b']);
  });
});
