import { describe, expect, it } from 'vitest';

import { makeWorld } from '../../support/world.ts';
import { ASKED, attacked, OBEYED, reply, VENDORS } from './vendors.ts';

/** What must never be shown of an answer that is not understood: it may hold a key. */
const MARK = 'SECRET-7f3a';

/** Values of the wrong kind for any field that is a text, a list, an object, a time or a yes. */
const WRONG: readonly unknown[] = [{}, { [MARK]: MARK }, -7.5, 1e300];

/** And more, of which some fields take some. */
const ODD: readonly unknown[] = [
  ...WRONG,
  null,
  '',
  0,
  7,
  true,
  false,
  [],
  [[]],
  [null],
  [MARK],
  { length: 3 },
  'x'.repeat(10_000),
  '__proto__',
  'constructor',
];

/** Every place of a value, as a path with dots. */
function placesOf(value: unknown, path = ''): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => {
    const place = path === '' ? name : `${path}.${name}`;
    return [place, ...placesOf(inner, place)];
  });
}

/** The same value with something else at one place, or nothing. */
function changed(value: unknown, [name = '', ...rest]: readonly string[], put: (parent: Record<string, unknown>, name: string) => void): unknown {
  const copy: Record<string, unknown> = Array.isArray(value) ? Object.assign([], value) : Object.assign({}, value);
  if (rest.length === 0) put(copy, name);
  else copy[name] = changed(copy[name], rest, put);
  return copy;
}

const ANSWERING = ASKED.filter(({ asking }) => asking.body('x') !== undefined);

describe.each(ANSWERING)('$title', ({ vendor, asking }) => {
  const good = asking.body('fine');
  const places = placesOf(good);

  it('takes a sound answer', async () => {
    const { run } = await attacked(vendor, asking, reply(good));
    expect((await run()).exit).toBe(asking.method === 'DELETE' ? 9 : 0);
  });

  it('refuses exactly those fields that it needs where they are of another kind, and shows nothing of them', async () => {
    const refused = new Set<string>();
    for (const place of places) {
      for (const wrong of WRONG) {
        const body = changed(good, place.split('.'), (parent, name) => (parent[name] = wrong));
        const { run } = await attacked(vendor, asking, reply(body));
        const { exit, stdout, stderr } = await run();
        if (exit !== 8) continue;
        refused.add(place);
        expect(stdout).toBe('');
        expect(stderr).toMatch(/^error\[unexpected-answer\]/m);
        expect(stderr).not.toContain(MARK);
      }
    }
    const wellKnown = [...refused].filter((place) => places.includes(place));
    expect(wellKnown.toSorted()).toEqual([...asking.strict].toSorted());
  });

  const oddAt = (place: string): readonly unknown[] => [
    ...ODD.map((odd) => changed(good, place.split('.'), (parent, name) => (parent[name] = odd))),
    changed(good, place.split('.'), (parent, name) => delete parent[name]),
  ];

  it.each([...places.map((place) => ({ place, bodies: oddAt(place) })), { place: 'all of it', bodies: ODD }])(
    'never stumbles, whatever stands in $place or does not',
    async ({ bodies }) => {
      for (const body of bodies) {
        const { run } = await attacked(vendor, asking, reply(JSON.stringify(body)));
        const { exit, stdout, stderr } = await run('--json');
        expect([JSON.stringify(body).slice(0, 300), [0, 8, 9].includes(exit), OBEYED.test(stdout + stderr)]).toEqual([
          JSON.stringify(body).slice(0, 300),
          true,
          false,
        ]);
        // A list of several pages may break off after the first ones were printed; then stderr says so.
        if (!stderr.includes('not the whole result')) JSON.parse(stdout);
      }
    },
  );

  it('takes names that every object has for what they are: names', async () => {
    const inner = JSON.stringify(good);
    const bodies = [
      `{"__proto__":${inner}}`,
      `{"constructor":{"prototype":${inner}}}`,
      `{"data":{"__proto__":${inner}},"__proto__":{"polluted":"yes"}}`,
      inner.replace(/^\{/, '{"__proto__":{"polluted":"yes"},"toString":"x","hasOwnProperty":"x","toJSON":"x","then":"x",'),
    ];
    for (const body of bodies) {
      const { run } = await attacked(vendor, asking, reply(body));
      const { exit } = await run('--json');
      expect([body.slice(0, 60), [0, 8, 9].includes(exit)]).toEqual([body.slice(0, 60), true]);
    }
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
  });

  it.each([
    ['a web page', '<html><h1>Sign in</h1></html>'],
    ['half of its JSON', '{"data":[{"id":"1'],
    ['an answer that is nested without end', `${'['.repeat(100_000)}${']'.repeat(100_000)}`],
    ['a byte order mark and nothing', '\ufeff'],
    ['nothing', ''],
  ])('does not understand %s', async (_title, body) => {
    const { run } = await attacked(vendor, asking, reply(body, { status: 200 }));
    const { exit, stdout } = await run();
    // Where nothing is read out of the answer, any JSON will do.
    const unread = asking.strict.length === 0;
    expect([exit, stdout === '' || unread]).toEqual([unread && (body.trim() === '' || body.startsWith('[')) ? 0 : 8, true]);
  });
});

describe('what is nested without end', () => {
  const deep = (inner: string): string => `${'['.repeat(100_000)}${inner}${']'.repeat(100_000)}`;
  const vendor = VENDORS.find(({ id }) => id === 'agntix');
  const other = ASKED.find(({ asking }) => asking.words[1] === 'show-client-token');

  it.each([
    ['as it came', [], 0],
    ['as JSON', ['--json'], 0],
    ['page by page', ['--paginate', '--json'], 8],
  ] as const)('can be asked for with "api" (%s)', async (_how, more, exit) => {
    if (vendor === undefined) throw new Error('there is no agntix');
    for (const terminal of [false, true]) {
      const world = await makeWorld({ env: vendor.env, elsewhere: () => reply(deep('"x"')), terminal });
      expect((await world.run('api', 'get', '/x', ...more)).exit).toBe(exit);
    }
  });

  it('is refused where a credential could hide in it', async () => {
    if (vendor === undefined) throw new Error('there is no agntix');
    const world = await makeWorld({ env: vendor.env, elsewhere: () => reply(deep('"\\u0070k_live"')) });
    expect(await world.run('api', 'get', '/x')).toMatchObject({ exit: 8, stdout: '', stderr: expect.stringContaining('nested too deeply') as string });
  });

  it('is refused as the metadata of a client token', async () => {
    if (other === undefined) throw new Error('nobody shows client tokens');
    for (const terminal of [false, true]) {
      const { run } = await attacked(other.vendor, other.asking, reply(`{"projectId":"p","publicMetadata":{"a":${deep('1')}}}`), { terminal });
      expect([(await run()).exit, (await run('--json')).exit]).toEqual([8, 8]);
    }
  });
});
