import { describe, expect, it } from 'vitest';
import { decodeValues } from '../../../../src/adapters/keychain/bus/decode.ts';
import { encodeValues } from '../../../../src/adapters/keychain/bus/encode.ts';
import { encodeMessage, takeMessages } from '../../../../src/adapters/keychain/bus/message.ts';
import type { BusMessage } from '../../../../src/adapters/keychain/bus/message.ts';
import type { BusValue } from '../../../../src/adapters/keychain/bus/signature.ts';

function decode(bytes: Buffer, signature: string, littleEndian = true): readonly BusValue[] {
  return decodeValues({ bytes, littleEndian, at: 0 }, signature);
}

const call: BusMessage = {
  type: 1,
  flags: 2,
  serial: 9,
  path: '/a',
  interface: 'i.f',
  member: 'M',
  destination: 'd.e',
  signature: 'sa{ss}',
  body: [
    '\u00fc',
    [
      ['k', 'v'],
      ['service', 'x'],
    ],
  ],
};

describe('D-Bus values', () => {
  it.each([
    ['u', [258], '02010000'],
    ['yu', [1, 2], '0100000002000000'],
    ['b', [true], '01000000'],
    ['s', ['ab'], '02000000616200'],
    ['g', ['as'], '02617300'],
    ['as', [['a', 'bc']], '0f000000' + '010000006100' + '0000' + '02000000626300'],
    ['as', [[]], '00000000'],
    ['a{ss}', [[]], '0000000000000000'],
    ['ya{ss}', [1, [['k', 'v']]], '01000000' + '0e000000' + '010000006b00' + '0000' + '010000007600'],
  ])('%s of %j are these bytes', (signature, values, hex) => {
    expect(encodeValues(signature, values).toString('hex')).toBe(hex);
    expect(decode(Buffer.from(hex, 'hex'), signature)).toEqual(values);
  });

  it('reads the value of a variant', () => {
    expect(
      decode(
        encodeValues('vv', [
          ['b', true],
          ['as', ['x']],
        ]),
        'vv',
      ),
    ).toEqual([true, ['x']]);
  });

  it('reads numbers and lengths in the other byte order', () => {
    expect(decode(Buffer.from('00000102' + '00000002616200', 'hex'), 'us', false)).toEqual([258, 'ab']);
  });

  it('refuses a value that does not fit its signature, and a type that it does not know', () => {
    expect(() => encodeValues('s', [1])).toThrow('does not fit');
    expect(() => encodeValues('u', [])).toThrow('does not fit');
    expect(() => encodeValues('v', [['s']])).toThrow('does not fit');
    expect(() => decode(Buffer.alloc(64), 'x')).toThrow('not read here');
    expect(() => decode(Buffer.alloc(64), '(s')).toThrow('not read here');
    expect(() => decode(Buffer.from('02737300', 'hex'), 'v')).toThrow('exactly one');
  });

  it('refuses every cut of a text, never reading beyond the end', () => {
    const whole = encodeValues('sas', ['abc', ['d', 'e']]);
    for (let length = 0; length < whole.length; length += 1) expect(() => decode(whole.subarray(0, length), 'sas')).toThrow('ends before');
  });
});

describe('D-Bus messages', () => {
  it('come back as they were', () => {
    expect(takeMessages(encodeMessage(call))).toEqual({ messages: [call], rest: Buffer.alloc(0) });
  });

  it('are taken one by one from a stream that is cut anywhere', () => {
    const stream = Buffer.concat([
      encodeMessage(call),
      encodeMessage({ type: 2, flags: 1, serial: 1, replySerial: 9, body: [] }),
      encodeMessage({ ...call, serial: 10 }),
    ]);
    for (let cut = 0; cut <= stream.length; cut += 1) {
      const first = takeMessages(stream.subarray(0, cut));
      const second = takeMessages(Buffer.concat([first.rest, stream.subarray(cut)]));
      expect([...first.messages, ...second.messages].map(({ serial }) => serial)).toEqual([9, 1, 10]);
    }
  });

  it('are read in the byte order that their first byte names', () => {
    const reply = '42020101' + '00000004' + '00000007' + '0000000f' + '0501750000000009' + '08016700017500' + '00' + '00000102';
    expect(takeMessages(Buffer.from(reply, 'hex')).messages).toEqual([{ type: 2, flags: 1, serial: 7, replySerial: 9, signature: 'u', body: [258] }]);
  });

  it('are refused when they begin with something else, or are longer than any answer', () => {
    expect(() => takeMessages(Buffer.from('REJECTED EXTERNAL\r\n'))).toThrow('no D-Bus message');
    const long = encodeMessage(call);
    long.writeUInt32LE(0x7fffffff, 4);
    expect(() => takeMessages(long)).toThrow('longer');
  });
});
