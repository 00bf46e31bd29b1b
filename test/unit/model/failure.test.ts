import { describe, expect, it } from 'vitest';
import { Failure, FAILURES, failedWith, isFailure } from '../../../src/model/failure.ts';

describe('the table of failures', () => {
  it('keeps codes and exit codes as they are, for scripts rely on them', () => {
    expect(Object.fromEntries(Object.entries(FAILURES).map(([code, { exit, retry }]) => [code, `${exit}${retry ? ' retry' : ''}`]))).toEqual({
      bug: '1',
      usage: '2',
      'needs-answer': '2',
      'not-found': '3',
      'signed-out': '4',
      'session-ended': '4',
      refused: '5',
      'consent-denied': '5',
      'missing-scope': '5',
      'keychain-unavailable': '6',
      'keychain-locked': '6 retry',
      unreachable: '7 retry',
      'rate-limited': '7 retry',
      'timed-out': '7 retry',
      'unexpected-answer': '8',
      'rotation-unfinished': '9 retry',
      'partly-done': '9 retry',
      cancelled: '130',
    });
  });

  it('has kebab-case codes and titles that are sentences without an end mark', () => {
    for (const [code, { title }] of Object.entries(FAILURES)) {
      expect([code, /^[a-z]+(-[a-z]+)*$/.test(code), /^[A-Z][^.!]+$/.test(title)]).toEqual([code, true, true]);
    }
  });
});

describe('a failure', () => {
  const failure = new Failure('refused', { detail: 'No.', hint: 'Ask.', data: { results: [] }, cause: new Error('why') });

  it('carries its parts', () => {
    const { code, detail, hint, data, message, name } = failure;
    expect({ code, detail, hint, data, message, name, cause: String(failure.cause) }).toEqual({
      code: 'refused',
      detail: 'No.',
      hint: 'Ask.',
      data: { results: [] },
      message: 'refused: No.',
      name: 'Failure',
      cause: 'Error: why',
    });
  });

  it('is known by its mark and by its code', () => {
    expect([isFailure(failure), isFailure(new Error('x')), isFailure(null), isFailure('refused'), isFailure({ code: 'refused' })]).toEqual([
      true,
      false,
      false,
      false,
      false,
    ]);
    expect([failedWith(failure, 'usage', 'refused'), failedWith(failure, 'usage'), failedWith(new Error('x'), 'refused')]).toEqual([true, false, false]);
  });
});
