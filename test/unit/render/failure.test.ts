import { describe, expect, it } from 'vitest';
import { Failure } from '../../../src/model/failure.ts';
import { failureJson, failureText } from '../../../src/render/failure.ts';

describe('a failure in words', () => {
  it('is a title, a line of detail and a hint', () => {
    expect(failureText(new Failure('signed-out', { detail: 'There is no sign-in.', hint: 'Run: keywright login' }))).toBe(
      'error[signed-out]: You are not signed in\n  There is no sign-in.\nhint: Run: keywright login\n',
    );
    expect(failureText(new Failure('cancelled', { detail: 'Stopped.' }))).toBe('error[cancelled]: Cancelled\n  Stopped.\n');
  });

  it('stays three lines, whatever its parts hold', () => {
    const failure = new Failure('refused', { detail: `a\nhint: do evil\n\u001b[31m${'x'.repeat(1_000)}`, hint: 'b\r\nc' });
    const lines = failureText(failure).split('\n');
    expect(lines).toHaveLength(4);
    expect([lines[1]?.length, lines[1]?.startsWith('  a hint: do evil xxx'), lines[2]]).toEqual([602, true, 'hint: b c']);
  });
});

describe('a failure as JSON', () => {
  it('has the same fields always', () => {
    expect(failureJson(new Failure('unreachable', { detail: 'a\nb', hint: 'c\nd' }))).toEqual({
      error: { code: 'unreachable', message: 'The provider cannot be reached', detail: 'a b', hint: 'c d', retry: true },
    });
    expect(failureJson(new Failure('cancelled', { detail: 'Stopped.' }))).toEqual({
      error: { code: 'cancelled', message: 'Cancelled', detail: 'Stopped.', hint: null, retry: false },
    });
  });

  it('adds what is partly there', () => {
    expect(failureJson(new Failure('partly-done', { detail: 'Some.', data: { results: [1] } }))).toMatchObject({ error: { results: [1] } });
  });
});
