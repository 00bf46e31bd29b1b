import { describe, expect, it } from 'vitest';
import { isLoopback } from '../../../src/model/loopback.ts';

describe('isLoopback', () => {
  it.each(['127.0.0.1', '127.255.255.254', '[::1]', 'localhost'])('knows %s as this machine', (name) => expect(isLoopback(name)).toBe(true));
  it.each(['128.0.0.1', '10.0.0.1', '127.0.0.1.example.test', 'localhost.example.test', 'localhost.', '[::2]', '[::ffff:7f00:1]', '0.0.0.0', ''])(
    'does not take %j for it',
    (name) => expect(isLoopback(name)).toBe(false),
  );
});
