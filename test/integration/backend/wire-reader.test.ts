import { describe, expect, it } from 'vitest';

import { differences, fill, fillWithSamples, readWire, type Bindings, type WireResponse } from '../../support/wire.ts';
import { witnesses } from '../../support/witnesses.ts';

const answer = (body: string, more: Partial<WireResponse> = {}): WireResponse => ({ status: 200, headers: {}, body, ...more });
const compare = (expected: string, actual: string, bindings: Bindings = new Map()) => differences(answer(expected), answer(actual), bindings);

describe('the reader of wire witnesses', () => {
  it('takes a whole witness apart', () => {
    const [first, second] = readWire(
      '# head\n### one\nPOST /a?b=c HTTP/1.1\nHost: {{host}}\n\n{"x": 1}\n\nHTTP/1.1 201 Created\nLocation: /y\n\n{}\n\n### two\nGET / HTTP/1.1\n\nHTTP/1.1 204 No Content\n',
    );
    expect(first).toEqual({
      name: 'one',
      request: { method: 'POST', path: '/a?b=c', headers: { host: '{{host}}' }, body: '{"x": 1}' },
      response: { status: 201, headers: { location: '/y' }, body: '{}' },
    });
    expect(second?.response).toEqual({ status: 204, headers: {}, body: null });
    expect(() => readWire('### one\nGET / HTTP/1.1\n')).toThrow(/"one" has no answer/);
  });

  it('sees every difference', () => {
    expect(differences(answer('{}'), answer('{}', { status: 500 }), new Map())).toEqual(['status: 500, not 200']);
    expect(differences(answer('{}', { headers: { a: 'b' } }), answer('{}'), new Map())).toHaveLength(1);
    for (const [expected, actual] of [
      ['{"a": 1}', '{}'],
      ['{}', '{"a": 1}'],
      ['{"a": 1}', '{"a": "1"}'],
      ['{"a": null}', '{"a": ""}'],
      ['[1]', '[1, 2]'],
      ['[1, 2]', '[1]'],
      ['{"a": {"b": [true]}}', '{"a": {"b": [false]}}'],
      ['{"a": "{{id}}"}', '{"a": "7"}'],
      ['{"a": "{{number}}"}', '{"a": "7"}'],
      ['{}', 'not json'],
    ] as const) {
      expect(compare(expected, actual), `${expected} and ${actual}`).not.toEqual([]);
    }
  });

  it('binds a label once and for all', () => {
    const bindings: Bindings = new Map();
    expect(compare('["a {{token.x}} b", "{{number}}"]', '["a aaaaaaaaaaaaaaaaaaaa b", 7]', bindings)).toEqual([]);
    expect(fill('/{{token.x}}', bindings)).toBe('/aaaaaaaaaaaaaaaaaaaa');
    expect(compare('"{{token.x}}"', '"bbbbbbbbbbbbbbbbbbbb"', bindings)).toHaveLength(1);
    expect(() => fill('{{token.y}}', bindings)).toThrow(/token\.y/);
    expect(() => compare('"{{nothing}}"', '"x"')).toThrow(/nothing/);
  });

  it.each(witnesses().map(({ id, entries }) => [id, entries] as const))(
    'has samples that are what they stand for, all through the witness of %s',
    (_id, entries) => {
      for (const { name, response } of entries) {
        const headers = Object.fromEntries(Object.entries(response.headers).map(([header, value]) => [header, fillWithSamples(value)]));
        const sample = { status: response.status, headers, body: response.body === null ? null : fillWithSamples(response.body) };
        expect(differences(response, sample, new Map()), name).toEqual([]);
      }
    },
  );
});
