import { describe, expect, it } from 'vitest';
import { forgivingDeviceReply } from '../../../src/oauth/device-reply.ts';

const times = (fields: Readonly<Record<string, unknown>>): readonly unknown[] => {
  const reply = forgivingDeviceReply({ status: 200, headers: {}, body: JSON.stringify({ device_code: 'd', user_code: 'u', ...fields }) });
  const read: { expires_in: unknown; interval: unknown } = JSON.parse(reply.body);
  return [read.expires_in, read.interval];
};

describe('the times of a device authorization', () => {
  it('are taken as they are where they make sense', () => {
    expect(times({ expires_in: 1800, interval: 10 })).toEqual([1800, 10]);
  });

  it.each([
    ['left out', {}],
    ['null', { expires_in: null, interval: null }],
    ['zero', { expires_in: 0, interval: 0 }],
    ['negative', { expires_in: -1, interval: -5 }],
    ['no number', { expires_in: 'soon', interval: [] }],
    ['empty', { expires_in: '', interval: ' ' }],
  ])('have defaults where they are %s: 5 seconds between questions (RFC 8628 section 3.2), 5 minutes in all', (_what, fields) => {
    expect(times(fields)).toEqual([300, 5]);
  });

  it('are read from text', () => {
    expect(times({ expires_in: '900', interval: '7' })).toEqual([900, 7]);
  });

  it('are bounded where they are absurd', () => {
    expect(times({ expires_in: 1e12, interval: 1e9 })).toEqual([3_600, 60]);
    expect(times({ expires_in: 60, interval: 0.001 })).toEqual([60, 1]);
  });

  it.each(['no JSON', '[]', 'null', '{"error":"invalid_client"}'])('are not looked for in %s', (body) => {
    expect(forgivingDeviceReply({ status: 400, headers: {}, body })).toEqual({ status: 400, headers: {}, body });
  });
});
