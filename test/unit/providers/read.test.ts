import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { failedWith } from '../../../src/model/failure.ts';
import { idText, readBody, timeOrNull } from '../../../src/providers/read.ts';

const schema = v.object({ data: v.array(v.object({ id: idText, at: timeOrNull })) });

function detailOf(body: unknown): string {
  try {
    readBody(schema, body, 'look');
  } catch (thrown) {
    if (failedWith(thrown, 'unexpected-answer')) return thrown.detail;
    throw thrown;
  }
  return 'it fits';
}

describe('reading a body', () => {
  it('gives what the schema says, and leaves out what nobody asked for', () => {
    expect(readBody(schema, { data: [{ id: 'k', at: '2026-01-01T01:00:00+01:00', more: 1 }], other: 2 }, 'look')).toEqual({
      data: [{ id: 'k', at: '2026-01-01T00:00:00.000Z' }],
    });
  });

  it.each([
    [undefined, 'it is not the object that was expected'],
    [null, 'it is not the object that was expected'],
    ['SECRET-7f3a', 'it is not the object that was expected'],
    [{}, 'field "data" is missing or of the wrong kind'],
    [{ data: {} }, 'field "data" is missing or of the wrong kind'],
    [{ data: [{ id: 'k' }, { id: 'SECRET 7f3a' }] }, 'field "data.1.id" is missing or of the wrong kind'],
    [{ data: [{ id: 'k', at: 'SECRET-7f3a' }] }, 'field "data.0.at" is missing or of the wrong kind'],
  ])('names what is wrong with %j and shows nothing of it', (body, why) => {
    expect(detailOf(body)).toBe(`The answer to "look" does not fit: ${why}.`);
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
  ])('%j is read as %j', (text, time) => {
    expect(v.parse(timeOrNull, text)).toBe(time);
  });

  it.each([7, true, {}, 'yesterday', '+010000-01-01T00:00:00Z', '2026-99-99'])('%j is none', (value) => {
    expect(v.safeParse(timeOrNull, value).success).toBe(false);
  });
});

describe('an id', () => {
  it.each(['k', 'key_1', '8f14e45f-ceea', 'a.b', 'a~b@c:d+e=f', 'x'.repeat(200)])('may be %s', (id) => {
    expect(v.safeParse(idText, id).success).toBe(true);
  });

  it.each(['', '.', '..', '...', 'a/b', 'a\\b', 'a b', 'a?b', 'a#b', 'a%b', 'a\nb', 'k\n', '\u00e9', 'x'.repeat(201), 7, null])('is not %j', (id) => {
    expect(v.safeParse(idText, id).success).toBe(false);
  });
});
