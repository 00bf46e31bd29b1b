import { describe, expect, it } from 'vitest';

import { checkEnd } from '../support/told-failures.ts';

type Case = readonly [what: string, words: readonly string[], code: number, stdout: string, stderr: string];

const asJson = (code: string): string => JSON.stringify({ error: { code, message: 'm', detail: 'd', hint: null, retry: false } });

describe('how the built program ends in a test', () => {
  it.each<Case>([
    ['well', ['providers', 'list'], 0, '', ''],
    ['with a failure of its help', ['logout', 'memax'], 4, '', 'warning: w\nerror[signed-out]: You are not signed in\n'],
    ['with such a failure as JSON', ['logout', '--json'], 4, asJson('signed-out'), ''],
    ['as the program does that it ran', ['run', '--', 'sh'], 77, '', 'error[not-found]: of the program\n'],
    ['without a command', ['no-such-command'], 2, '', 'error[usage]: The command was not understood\n'],
  ])('may be %s', async (_what, words, code, stdout, stderr) => {
    await expect(checkEnd(words, { code, stdout, stderr }, 'all-seen')).resolves.toBeUndefined();
  });

  it.each<Case>([
    ['with a failure that its help does not tell', ['providers', 'list'], 4, '', 'error[signed-out]: You are not signed in\n'],
    ['with such a failure as JSON', ['providers', 'list', '--json'], 4, asJson('signed-out'), ''],
    ['with another exit code than that failure has', ['logout'], 3, '', 'error[signed-out]: You are not signed in\n'],
    ['with an exit code and no word', ['whoami'], 1, '', ''],
    ['well, and yet with a failure', ['whoami'], 0, '', 'error[signed-out]: You are not signed in\n'],
  ])('may not be %s', async (_what, words, code, stdout, stderr) => {
    await expect(checkEnd(words, { code, stdout, stderr }, 'all-seen')).rejects.toThrow('which its help does not tell');
  });

  it('may be without a word where what it printed went elsewhere', async () => {
    await expect(checkEnd(['whoami'], { code: 5, stdout: '', stderr: '' }, 'may-be-elsewhere')).resolves.toBeUndefined();
  });
});
