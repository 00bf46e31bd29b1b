import { describe, expect, it } from 'vitest';
import { cameFromKeys } from '../../../src/adapters/foreground.ts';

/** As /proc/self/stat has it: pid, name, state, parent, group, session, terminal, foreground group, and more. */
const stat =
  (group: number, terminal: number, foreground: number, name = '(node)'): (() => string) =>
  () =>
    `4711 ${name} R 4000 ${group} 4000 ${terminal} ${foreground} 4194304 1 0 0`;

describe('a signal that came to us', () => {
  it.each([
    ['in the foreground of a terminal', stat(4711, 34816, 4711), true],
    ['in the background of a terminal', stat(4711, 34816, 4000), false],
    ['without a terminal', stat(4711, 0, -1), false],
    ['in the foreground, with a name that looks like more fields', stat(4711, 34816, 4711, '(a) R 1 2 (b)'), true],
  ])('was a key press %s', (_where, read, expected) => {
    expect([cameFromKeys('SIGINT', 'linux', read), cameFromKeys('SIGQUIT', 'linux', read)]).toEqual([expected, expected]);
  });

  it.each(['SIGTERM', 'SIGHUP'])('was sent by somebody where it is %s', (signal) => {
    expect(cameFromKeys(signal, 'linux', stat(4711, 34816, 4711))).toBe(false);
  });
});
