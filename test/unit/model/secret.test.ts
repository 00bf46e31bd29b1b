import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../../src/model/secret.ts';

const VALUE = 'mxk_SECRET-7f3a-and-more-of-it';
const secret = new Secret(VALUE);

describe('a secret', () => {
  it('comes out by reveal and by nothing else', () => {
    expect(secret.reveal()).toBe(VALUE);
    const accidents = [
      `${secret}`,
      String(secret),
      JSON.stringify({ secret }),
      inspect(secret),
      inspect({ deep: { secret } }, { depth: 9, showHidden: true }),
      JSON.stringify(Object.entries(secret)),
      JSON.stringify({ ...secret }),
      JSON.stringify(Object.getOwnPropertyNames(secret)),
    ];
    for (const text of accidents) expect(text).not.toContain('SECRET');
    expect(accidents.slice(0, 5)).toEqual(['[secret]', '[secret]', '{"secret":"[secret]"}', '[secret]', '{ deep: { secret: [secret] } }']);
  });

  it.each([
    ['', '****'],
    ['short-secret', '****'],
    ['nineteen-characters', '****'],
    [VALUE, '****'],
    ['x'.repeat(31), '****'],
    ['mxk_SECRET-7f3a-and-more-of-it-x', 'mxk_SECR...it-x'],
  ])('shows of %j at most %s', (value, preview) => {
    expect(new Secret(value).preview()).toBe(preview);
  });

  it('can be compared and recognised without being shown', () => {
    expect([secret.equals(new Secret(VALUE)), secret.equals(new Secret('other')), secret.startsWith('mxk_'), secret.startsWith('key_')]).toEqual([
      true,
      false,
      true,
      false,
    ]);
  });

  it('equals one of another copy of its class, as separately loaded files have one', async () => {
    const copy: { readonly Secret: typeof Secret } = await import(/* @vite-ignore */ `${import.meta.resolve('../../../src/model/secret.ts')}?copy`);
    const other = new copy.Secret(VALUE);
    expect(other).not.toBeInstanceOf(Secret);
    expect([secret.equals(other), other.equals(secret), secret.equals(new copy.Secret('x'))]).toEqual([true, true, false]);
  });
});
