import { describe, expect, it } from 'vitest';

import { FAILURES } from '../../../src/model/failure.ts';
import { ASKED, attacked, OBEYED, reply, VENDORS, type Asking, type Vendor } from './vendors.ts';

/**
 * Letters from A to W with something between each two that no text may bring to a terminal: a colour, a title, a link, a bell, NUL, DEL, a
 * C1 sequence, a device query, a back space, every kind of line end, and marks that reorder or hide.
 */
const HOSTILE = [
  'A\u001b[31mB\u001b]0;title\u0007C\u001b]8;;file:///etc/passwd\u001b\\D\u0007E\u0000F\u007fG\u009b31mH\u001b[6nI\u0008J\r\nK\nL\rM\u0085N\u2028O\u2029P\tQ',
  '\u202eR\u2066S\u200bT\u061cU\u200eV\ufeffW',
].join('');

/** What is left of it: the letters in their order, on one line, and nothing else but spaces and what a cut sequence leaves behind. */
const HARMLESS = /A *B *C *D *E *F *G *(31m)?H *I *J *K *L *M *N *O *P *Q *R *S *T *U *V *W/;

const MODES = [
  ['a pipe', false, []],
  ['a terminal', true, []],
  ['JSON in a pipe', false, ['--json']],
  ['JSON in a terminal', true, ['--json']],
  ['the debug lines', false, ['--debug']],
] as const;

const textsIn = (value: unknown): readonly string[] => {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.entries(value).flatMap(([name, inner]) => [name, ...textsIn(inner)]) : [];
};

describe.each(MODES)('in %s', (_mode, terminal, more) => {
  it.each(ASKED)('$title shows every text without what a terminal obeys', async ({ vendor, asking }) => {
    const body = asking.body(HOSTILE);
    const scene = await attacked(vendor, asking, reply(body), { terminal });
    const { exit, stdout, stderr } = await scene.run(...more);
    expect([stdout.match(OBEYED), stderr.match(OBEYED)]).toEqual([null, null]);
    // memax says in words why a key was not revoked; everything else goes well.
    const failed = vendor.id === 'memax' && asking.method === 'DELETE';
    expect(exit).toBe(failed ? FAILURES['partly-done'].exit : 0);
    expect(
      shownOf(
        asking,
        vendor,
        stdout + stderr,
        more.some((word) => word === '--json'),
        stdout,
      ),
    ).toBe(true);
  });

  it.each(ASKED)('$title shows every word of a refusal without what a terminal obeys', async ({ vendor, asking }) => {
    for (const status of [400, 401, 402, 403, 404, 409, 422, 429, 500, 300]) {
      const headers = {
        'content-type': `text/${HOSTILE}`,
        'retry-after': HOSTILE,
        'www-authenticate': `Bearer error="insufficient_scope", scope="${HOSTILE}"`,
        ...(vendor.warningHeader === null ? {} : { [vendor.warningHeader]: HOSTILE }),
      };
      const scene = await attacked(vendor, asking, reply(vendor.error(HOSTILE), { status, headers }), { terminal });
      const { exit, stdout, stderr } = await scene.run(...more);
      expect([status, stdout.match(OBEYED), stderr.match(OBEYED)]).toEqual([status, null, null]);
      const taken = (status === 404 && (asking.method === 'DELETE' || vendor.id === 'reminix')) || (status === 403 && asking.path === '/v1/chat/agents');
      expect([status, exit === FAILURES.bug.exit, taken || HARMLESS.test(stdout + stderr)]).toEqual([status, false, true]);
    }
  });
});

/** Whether all that a result has to show of the hostile texts is there. */
function shownOf(asking: Asking, vendor: Vendor, shown: string, json: boolean, stdout: string): boolean {
  if (!textsIn(asking.body('MARK')).includes('MARK') || asking.path === '/v1/chat/agents') return true;
  if (!json) return HARMLESS.test(shown);
  // As JSON a text is whole: a program that reads it gets what the server wrote.
  return textsIn(JSON.parse(stdout)).some((text) => text.includes(HOSTILE) || (vendor.id === 'memax' && text.includes('A')));
}

describe('what else a server says', () => {
  it.each(VENDORS.filter(({ warningHeader }) => warningHeader !== null))('$id: a warning is one harmless line, told once', async (vendor) => {
    const asking = vendor.asking['whoami'];
    if (asking === undefined || vendor.warningHeader === null) throw new Error('nobody asks who it is');
    const answer = reply(asking.body('Ada'), { headers: { [vendor.warningHeader]: `${HOSTILE}${'w'.repeat(5_000)}` } });
    const { stderr } = await (await attacked(vendor, asking, answer)).run();
    const [line = '', ...rest] = stderr.split('\n');
    expect(line).toMatch(new RegExp(`^warning: ${vendor.name} says: ${HARMLESS.source}w+\\.\\.\\.$`));
    expect([rest, line.length < 400, OBEYED.test(stderr)]).toEqual([[''], true, false]);
  });

  it.each(ASKED)('$title never shows the credential that the server repeats', async ({ vendor, asking }) => {
    const credential = asking.input ?? vendor.credential;
    // As it is, and with something between its letters that is taken out before it is shown.
    const hidden = `${credential.slice(0, 20)}\u200b${credential.slice(20)}`;
    const colored = `${credential.slice(0, 20)}\u001b[31m${credential.slice(20)}`;
    for (const words of [credential, hidden, colored]) {
      for (const status of [400, 401, 403, 500]) {
        const headers = {
          'www-authenticate': `Bearer error="insufficient_scope", scope="${words}"`,
          ...(vendor.warningHeader === null ? {} : { [vendor.warningHeader]: `Your key ${words} is old.` }),
        };
        const scene = await attacked(vendor, asking, reply(vendor.error(`You sent ${words}, did you not?`), { status, headers }));
        scene.world.secrets.add('key', credential);
        // The world looks through everything that was said and written, and throws where it finds a secret.
        const { stdout, stderr } = await scene.run('--debug');
        expect(stdout + stderr).not.toContain(credential.slice(8, 24));
      }
    }
  });

  it.each(ASKED.filter(({ asking }) => asking.words[0] === 'whoami'))('$title never keeps or shows the credential as a name', async ({ vendor, asking }) => {
    const scene = await attacked(vendor, asking, reply(asking.body(vendor.credential)), { env: {}, stdin: vendor.credential });
    const { exit } = await scene.world.run('login', vendor.id, '--with-token');
    expect(exit).toBe(0);
    expect((await scene.run()).stdout).not.toContain(vendor.credential);
    expect((await scene.world.run('auth', 'status', '--json')).stdout).not.toContain(vendor.credential);
  });
});
