import { describe, expect, it } from 'vitest';
import { failedWith } from '../../../src/model/failure.ts';
import { replyOf, textIn, valueAt } from '../../../src/providers/read.ts';

function detailOf(read: () => unknown): string {
  try {
    read();
  } catch (thrown) {
    if (failedWith(thrown, 'unexpected-answer')) return thrown.detail;
    throw thrown;
  }
  return 'it fits';
}

const wholly = (body: unknown) =>
  replyOf(body, 'look')
    .each('data')
    .map((each) => ({ id: each.id('id'), at: each.timeOrNull('at') }));

describe('reading a reply', () => {
  it('gives what was asked for, and leaves out the rest', () => {
    expect(wholly({ data: [{ id: 'k', at: '2026-01-01T01:00:00+01:00', more: 1 }], other: 2 })).toEqual([{ id: 'k', at: '2026-01-01T00:00:00.000Z' }]);
    expect(wholly({ data: null })).toEqual([]);
  });

  it.each([
    [undefined, 'field "data" is missing or of the wrong kind'],
    [null, 'field "data" is missing or of the wrong kind'],
    ['SECRET-7f3a', 'field "data" is missing or of the wrong kind'],
    [{}, 'field "data" is missing or of the wrong kind'],
    [{ data: {} }, 'field "data" is missing or of the wrong kind'],
    [{ data: [{ id: 'k' }, { id: 'SECRET 7f3a' }] }, 'field "data.1.id" is missing or of the wrong kind'],
    [{ data: [{ id: 'k', at: 'SECRET-7f3a' }] }, 'field "data.0.at" is missing or of the wrong kind'],
  ])('names what is wrong with %j and shows nothing of it', (body, why) => {
    expect(detailOf(() => wholly(body))).toBe(`The answer to "look" does not fit: ${why}.`);
  });

  it('says so where the whole of it is wrong', () => {
    expect(detailOf(() => replyOf('SECRET-7f3a', 'look').each())).toBe('The answer to "look" does not fit: it is not what was expected.');
  });

  it('takes nothing for nothing, and only what is of the right kind for something', () => {
    const reply = replyOf({ text: 'x', empty: '', no: false, list: ['a', 'b'], mixed: ['a', 1], object: { b: 1 }, nothing: null }, 'look');
    expect([reply.text('text'), reply.textOrNull('empty'), reply.textOrNull('nothing'), reply.textOrNull('absent')]).toEqual(['x', null, null, null]);
    expect([reply.yesOrNo('no'), reply.texts('list'), reply.texts('absent'), reply.texts('nothing')]).toEqual([false, ['a', 'b'], [], []]);
    expect([reply.objectOrNull('object'), reply.objectOrNull('nothing'), reply.eachOrNone('absent'), reply.each('nothing')]).toEqual([{ b: 1 }, null, [], []]);
    for (const read of [
      () => reply.text('no'),
      () => reply.textOrNull('list'),
      () => reply.yesOrNo('text'),
      () => reply.texts('text'),
      () => reply.texts('mixed'),
      () => reply.objectOrNull('list'),
      () => reply.eachOrNone('object'),
      () => reply.each('absent'),
    ])
      expect(detailOf(read)).toMatch(/is missing or of the wrong kind/);
  });

  it('looks at own fields alone', () => {
    expect(valueAt({}, ['constructor', 'name'])).toBeUndefined();
    expect(valueAt({}, ['__proto__'])).toBeUndefined();
    expect(textIn({ error: { code: 7 } }, ['error', 'code'])).toBeNull();
    expect(textIn({ error: { code: 'x' } }, ['error', 'code'])).toBe('x');
  });
});

describe('a time', () => {
  it.each([
    [undefined, null],
    [null, null],
    ['', null],
    ['0001-01-01T00:00:00Z', null],
    ['1970-01-01T00:00:00Z', null],
    ['1970-01-01T00:00:00.001Z', '1970-01-01T00:00:00.001Z'],
    ['9999-12-31T23:59:59Z', '9999-12-31T23:59:59.000Z'],
    ['2026-01-02T03:04:05Z', '2026-01-02T03:04:05.000Z'],
    ['2026-01-02T03:04:05.678Z', '2026-01-02T03:04:05.678Z'],
    ['2026-01-02T03:04:05.6Z', '2026-01-02T03:04:05.600Z'],
    ['2026-01-02T03:04:05.678901Z', '2026-01-02T03:04:05.678Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000Z'],
    ['2026-12-31T24:00:00Z', '2027-01-01T00:00:00.000Z'],
    ['2026-01-02T03:04:05+05:30', '2026-01-01T21:34:05.000Z'],
    ['1969-12-31T23:59:59.999Z', null],
  ])('%j is read as %j', (text, time) => {
    expect(replyOf({ at: text }, 'look').timeOrNull('at')).toBe(time);
  });

  it.each([7, true, {}, 'yesterday', '+010000-01-01T00:00:00Z', '2026-99-99'])('%j is none', (value) => {
    expect(detailOf(() => replyOf({ at: value }, 'look').timeOrNull('at'))).toMatch(/field "at"/);
  });
});

describe('an id', () => {
  it.each(['k', 'key_1', '8f14e45f-ceea', 'a.b', 'a~b@c:d+e=f', 'x'.repeat(200)])('may be %s', (id) => {
    expect(replyOf({ id }, 'look').id('id')).toBe(id);
  });

  it.each(['', '.', '..', '...', 'a/b', 'a\\b', 'a b', 'a?b', 'a#b', 'a%b', 'a\nb', 'k\n', '\u00e9', 'x'.repeat(201), 7.5, -1, null])('is not %j', (id) => {
    expect(detailOf(() => replyOf({ id }, 'look').id('id'))).toMatch(/field "id"/);
  });

  it('may be a whole number', () => {
    expect(replyOf({ id: 42 }, 'look').id('id')).toBe('42');
  });
});
