import { describe, expect, it } from 'vitest';

import type { HttpReply, HttpRequest } from '../../../src/model/http.ts';
import { makeWorld } from '../../support/world.ts';
import { ASKED, NEW, OBEYED, reply, VENDORS, type Asking, type Vendor } from './vendors.ts';

/** What is wrong with a new credential; a function of the right one. */
const WRONG: ReadonlyArray<readonly [why: string, change: (right: string) => unknown]> = [
  ['a line end at its end', (right) => `${right}\n`],
  ['a line end and a second line', (right) => `${right}\nMEMAX_API_URL=https://evil.example`],
  ['a line end inside', (right) => `${right.slice(0, 30)}\r\n${right.slice(30)}`],
  ['a space at its beginning', (right) => ` ${right}`],
  ['a space inside', (right) => `${right.slice(0, 30)} ${right.slice(30)}`],
  ['a NUL', (right) => `${right}\u0000`],
  ['an escape sequence', (right) => `\u001b[31m${right}`],
  ['a mark that nobody sees', (right) => `${right.slice(0, 30)}\u200b${right.slice(30)}`],
  ['a letter that only looks right', (right) => `${right.slice(0, -1)}\u0430`],
  ['600 characters', (right) => right + 'a'.repeat(600 - right.length)],
  ['600,000 characters', (right) => right + 'a'.repeat(600_000)],
  ['a quote for a shell', (right) => `${right.slice(0, -6)}';id;'`],
  ['its prefix alone', (right) => right.slice(0, 8)],
  ['nothing', () => ''],
  ['a number', () => 7],
  ['a list', (right) => [right]],
  ['null', () => null],
];

const MAKERS = ASKED.flatMap(({ vendor, asking, title }) => (asking.makes === undefined ? [] : [{ vendor, asking, makes: asking.makes, title }]));

const others = (vendor: Vendor): ReadonlyArray<readonly [why: string, change: (right: string) => unknown]> =>
  Object.entries(NEW)
    .filter(([id]) => id !== vendor.id)
    .map(([id, value]) => [`the pattern of ${id}`, () => value]);

/** The answer to the request that makes something, with another value in place of what was made. */
function madeWith(asking: Asking, field: string, value: unknown): HttpReply {
  const text = JSON.stringify(asking.body('fine'), (name, inner: unknown) => (name === field.split('.').at(-1) ? value : inner));
  return reply(text, { status: 201 });
}

describe.each(MAKERS)('$title', ({ vendor, asking, makes }) => {
  const right = vendor.id === 'memax' ? NEW.memax : vendor.id === 'minds' ? NEW.minds : vendor.id === 'reminix' ? NEW.reminix : NEW.agntix;

  /** Runs the command against a vendor that makes this, and takes it back or does not. */
  async function run(answer: HttpReply, undoing: HttpReply, ...more: readonly string[]) {
    const sent: string[] = [];
    const elsewhere = (request: HttpRequest): HttpReply => {
      sent.push(`${request.method} ${request.url}`);
      return request.method === asking.method ? answer : undoing;
    };
    const world = await makeWorld({ env: vendor.env, elsewhere });
    // The world looks for it in all that is said and written, in part as well, and throws where it stands.
    world.secrets.add(makes.kind, right);
    return { ...(await world.run(...asking.words, ...more)), sent };
  }

  it('prints what looks right, alone', async () => {
    const result = await run(madeWith(asking, makes.field, right), reply(vendor.undone));
    expect(result).toMatchObject({ exit: 0, stdout: `${right}\n`, sent: [`${asking.method} ${vendor.origin}${asking.path}`] });
  });

  it.each([...WRONG, ...others(vendor)])('gives nobody a value with %s, and takes it back', async (_why, change) => {
    const result = await run(madeWith(asking, makes.field, change(right)), reply(vendor.undone));
    expect(result).toMatchObject({ exit: 8, stdout: '', sent: [`${asking.method} ${vendor.origin}${asking.path}`, `DELETE ${vendor.origin}${makes.undo}`] });
    expect(result.stderr).toMatch(/was revoked again\.$/m);
    expect(OBEYED.test(result.stderr)).toBe(false);
  });

  it.each([
    ['refuses', () => reply(vendor.error('no'), { status: 403 })],
    ['is in trouble', () => reply(vendor.error('no'), { status: 500 })],
    ['does not know the id', () => reply(vendor.error('no'), { status: 404 })],
    ['talks nonsense', () => reply('<html>', { status: 200 })],
  ])('tells how to take it back where the provider %s', async (_what, undoing) => {
    const result = await run(madeWith(asking, makes.field, `${right}\n`), undoing(), '--json');
    const { error } = JSON.parse(result.stdout) as { readonly error: { readonly code: string; readonly detail: string; readonly hint: string } };
    expect([result.exit, error.code]).toEqual([8, 'unexpected-answer']);
    expect(error.detail).toMatch(/could not be revoked again\.$/i);
    expect(error.hint).toMatch(/Revoke it: keywright auth revoke-[a-z-]+ [a-z_1]+$/);
  });

  it.each([
    ['a/b'],
    ['..'],
    ['.'],
    [''],
    [' '],
    ['../../v1/auth/me'],
    ['x?y=z'],
    ['x#y'],
    ['%2e%2e'],
    ['\u001b[31m'],
    ['x\ny'],
    ['x'.repeat(201)],
    [null],
    [{}],
    [-1],
    [1.5],
  ])('sends nothing to a place that the id %j leads to', async (id) => {
    const text = JSON.stringify(asking.body('fine'), (name, inner: unknown) => (name === 'id' ? id : inner));
    const result = await run(reply(text, { status: 201 }), reply(vendor.undone));
    expect(result).toMatchObject({ exit: 8, stdout: '', sent: [`${asking.method} ${vendor.origin}${asking.path}`] });
    expect(OBEYED.test(result.stderr)).toBe(false);
  });
});

describe('an id that a person types', () => {
  it.each(VENDORS)('of $id leads to no other place', async (vendor) => {
    const revoke = Object.values(vendor.asking).find((asking) => asking.method === 'DELETE');
    for (const id of ['a/b', '..', '.', ' ', 'x?y=z', 'x#y', '%2e%2e%2f', '\u001b[31mred', 'x\ny', '\u202ex', 'x'.repeat(201)]) {
      const world = await makeWorld({ env: vendor.env });
      const { exit, stdout, stderr } = await world.run(...(revoke?.words.slice(0, 2) ?? []), '--', id);
      expect([id, exit, stdout, world.sent, OBEYED.test(stderr)]).toEqual([id, 2, '', [], false]);
    }
  });
});
