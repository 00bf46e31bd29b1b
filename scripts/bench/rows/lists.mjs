/** A long list as JSON lines: how long, against the smallest loop and against the latency of its pages, and in how much memory. */
import { writeFile } from 'node:fs/promises';

import { must } from '../ground.mjs';
import { median, pairs } from '../pairs.mjs';
import { writePrograms } from '../programs.mjs';
import { row } from '../row.mjs';
import { AGNTIX_KEY, BOLT_KEY, definitionOf, startServer } from '../server.mjs';

const MEMORY_MB = 80;

const WORDS = ['auth', 'list-keys', '--jsonl'];

export async function listRows({ ground, size, chart }) {
  const programs = await writePrograms(ground);
  const server = await startServer();
  ground.closing.push(server.stop);
  const definition = ground.at('bolt.json');
  await writeFile(definition, JSON.stringify(definitionOf(server.origin)));
  // In a folder of its own: what reads definitions is no part of what is measured elsewhere.
  const added = { ...ground.env.stored, XDG_CONFIG_HOME: ground.at('own-providers') };
  await must(added, ['providers', 'add', definition, '--yes', '--quiet']);
  // A provider of one's own lies in the configuration folder; nothing else of the signed-in home is there.
  const { MEMAX_API_KEY: _key, ...brought } = ground.env.brought;
  const env = { ...brought, XDG_CONFIG_HOME: added.XDG_CONFIG_HOME };
  const dialects = [
    { name: 'bolt', title: 'pages of 1,000 (by definition)', page: 1000, oneByOne: true, env: { ...env, BOLT_API_KEY: BOLT_KEY }, provider: 'bolt' },
    {
      name: 'agntix',
      title: 'pages of 100 (agntix)',
      page: 100,
      oneByOne: false,
      env: { ...env, AGNTIX_API_KEY: AGNTIX_KEY, AGNTIX_API_URL: server.origin },
      provider: 'agntix',
    },
  ];
  const rows = [];
  const grown = [];
  for (const dialect of dialects) {
    const ours = () => ground.ours([...WORDS, '--provider', dialect.provider], dialect.env);
    const smallest = [ground.node, programs('list.cjs'), dialect.name, server.origin, String(dialect.page)];
    const floor = () => ground.stopwatch.run({ words: smallest, env: dialect.env });
    const points = { time: [], memory: [] };
    for (const count of size.lists) {
      server.life.keys = count;
      const times = [];
      await ours();
      for (let round = 0; round < size.few; round += 1) times.push(await ours());
      points.time.push([count, median(times.map(({ ms }) => ms))]);
      points.memory.push([count, median(times.map(({ rssMb }) => rssMb))]);
    }
    grown.push({ ...dialect, points });
    const most = size.lists.at(-1);
    const section = `${most.toLocaleString('en')} keys as JSON lines`;
    server.life.keys = most;
    const paired = await pairs(size.wholeLists, floor, ours);
    const detail = `${paired.oursMs.toFixed(0)} ms against ${paired.baseMs.toFixed(0)} ms`;
    rows.push(row(section, `${dialect.title}: against the smallest loop, no latency`, 'x', paired.ratio, { most: 1.3, detail }));
    const small = points.memory[0];
    rows.push(
      row(section, `${dialect.title}: memory`, 'MB', paired.rssMb, {
        most: MEMORY_MB,
        detail: `${small[1].toFixed(1)} MB for ${small[0].toLocaleString('en')} keys`,
      }),
    );
    rows.push(row(section, `${dialect.title}: memory over that of ${small[0].toLocaleString('en')} keys`, 'MB', paired.rssMb.value - small[1]));
    const alone = () => ground.stopwatch.run({ words: [ground.node, programs('pages.cjs'), server.origin, String(dialect.page)], env: dialect.env });
    rows.push(...(await underLatency({ server, dialect, ours, floor, alone, size, section })));
  }
  const across = 'keys in the list';
  chart('list-time.svg', {
    title: 'A list, by how many keys it has: time',
    across,
    up: 'ms, start to end',
    lines: grown.map(({ title, points }) => ({ name: title, points: points.time })),
  });
  chart('list-memory.svg', {
    title: 'A list, by how many keys it has: memory',
    across,
    up: 'MB at most',
    lines: grown.map(({ title, points }) => ({ name: title, points: points.memory })),
  });
  const growth = grown.flatMap(({ title, points }) =>
    points.time.map(([count, ms], index) =>
      row('Growth: list', `${title}: ${count.toLocaleString('en')} keys`, 'ms', ms, { detail: `${points.memory[index][1].toFixed(1)} MB` }),
    ),
  );
  return [...rows, ...growth];
}

const LATENCY_MS = 20;

/** Where no page is known before the one that names it, with the smallest loop at the same server, and with a program that does nothing to the pages. */
async function underLatency({ server, dialect, ours, floor, alone, size, section }) {
  const pages = Math.ceil(server.life.keys / dialect.page);
  const ideal = pages * LATENCY_MS;
  // What asks for many pages at once is far below the line.
  const rounds = Math.min(dialect.oneByOne ? size.wholeLists : 3, size.few);
  const [ourTimes, floorTimes, aloneTimes] = [[], [], []];
  server.life.latencyMs = LATENCY_MS;
  for (let round = 0; round < rounds; round += 1) {
    ourTimes.push((await ours()).ms);
    if (!dialect.oneByOne) continue;
    floorTimes.push((await floor()).ms);
    aloneTimes.push((await alone()).ms);
  }
  server.life.latencyMs = 0;
  const took = median(ourTimes);
  const detail = `${took.toFixed(0)} ms; ${pages} pages at ${LATENCY_MS} ms one after the other are ${ideal} ms`;
  const rows = [row(section, `${dialect.title}: against pages x latency`, 'x', took / ideal, { most: 1.2, detail })];
  if (!dialect.oneByOne) return rows;
  const floorRow = (name, times) =>
    row(section, `floor: ${dialect.title}: ${name}, against pages x latency`, 'x', median(times) / ideal, { detail: `${median(times).toFixed(0)} ms` });
  return [...rows, floorRow('the pages alone', aloneTimes), floorRow('the smallest loop', floorTimes)];
}
