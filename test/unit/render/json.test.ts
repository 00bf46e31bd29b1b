import { describe, expect, it } from 'vitest';
import { Secret } from '../../../src/model/secret.ts';
import { jsonText } from '../../../src/render/json.ts';

describe('JSON for programs', () => {
  it('is one compact line in a pipe and indented in a terminal', () => {
    expect(jsonText({ a: [1, null, true] }, false)).toBe('{"a":[1,null,true]}');
    expect(jsonText({ a: [1] }, true)).toBe('{\n  "a": [\n    1\n  ]\n}');
  });

  it('has snake_case names at every depth, and leaves values alone', () => {
    expect(jsonText({ signedInAt: 'signedInAt', keys: [{ lastUsedAt: null, a1B: 1, already_snake: 2 }] }, false)).toBe(
      '{"signed_in_at":"signedInAt","keys":[{"last_used_at":null,"a1_b":1,"already_snake":2}]}',
    );
  });

  it('hides a secret', () => {
    expect(jsonText({ key: new Secret('SECRET-7f3a'), at: new Date(0) }, false)).toBe('{"key":"[secret]","at":"1970-01-01T00:00:00.000Z"}');
  });

  it('keeps every character, and none that a terminal would obey', () => {
    const everything = `${Array.from({ length: 0x3000 }, (_, index) => String.fromCharCode(index)).join('')}\u{1f511}\u{e0041}\ufeff`;
    const text = jsonText({ everything }, false);
    expect(JSON.parse(text)).toEqual({ everything });
    expect(text).toMatch(/^[^\p{Cc}\p{Cf}\u2028\u2029]*$/u);
    expect(text).toContain('\u{1f511}');
  });
});
