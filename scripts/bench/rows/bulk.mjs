/** Many keys revoked by one command at a server that takes its time. */
import { writeFile } from 'node:fs/promises';

import { must } from '../ground.mjs';
import { row } from '../row.mjs';
import { BOLT_KEY, definitionOf, startServer } from '../server.mjs';

/** As many requests as `revoke-key` has under way; src/flows/clean-up/revoke-many.ts. */
const AT_ONCE = 16;
const LATENCY_MS = 20;
const MEMORY_MB = 70;

export async function bulkRows({ ground, size, chart }) {
  const server = await startServer();
  ground.closing.push(server.stop);
  const definition = ground.at('bolt-to-clean.json');
  await writeFile(definition, JSON.stringify(definitionOf(server.origin)));
  // In a folder of its own: what reads definitions is no part of what is measured elsewhere.
  const added = { ...ground.env.stored, XDG_CONFIG_HOME: ground.at('own-providers') };
  await must(added, ['providers', 'add', definition, '--yes', '--quiet', '--replace']);
  const { MEMAX_API_KEY: _key, ...brought } = ground.env.brought;
  const env = { ...brought, XDG_CONFIG_HOME: added.XDG_CONFIG_HOME, BOLT_API_KEY: BOLT_KEY };
  const rows = [];
  const growth = [];
  const points = { took: [], ideal: [] };
  for (const count of size.revokes) {
    Object.assign(server.life, { keys: count, latencyMs: LATENCY_MS });
    Object.assign(server.seen, { revoked: 0, firstRevokeAt: undefined, lastRevokeAt: undefined });
    const whole = await ground.ours(['auth', 'revoke-key', '--name', 'many *', '--yes', '--provider', 'bolt'], env);
    if (server.seen.revoked !== count) throw new Error(`${server.seen.revoked} of ${count} keys were revoked`);
    const took = server.seen.lastRevokeAt - server.seen.firstRevokeAt;
    const ideal = (count / AT_ONCE) * LATENCY_MS;
    points.took.push([count, took / 1000]);
    points.ideal.push([count, ideal / 1000]);
    const detail = `${((count / took) * 1000).toFixed(0)} keys/s of ${(AT_ONCE / LATENCY_MS) * 1000}; ${whole.rssMb.toFixed(1)} MB`;
    growth.push(row('Growth: revoke', `${count.toLocaleString('en')} keys revoked`, 's', took / 1000, { detail }));
    if (count !== size.revokes.at(-1)) continue;
    const section = `${count.toLocaleString('en')} keys revoked, ${LATENCY_MS} ms server, ${AT_ONCE} at a time`;
    rows.push(row(section, 'share of concurrency / latency, first request to last answer', 'share', ideal / took, { least: 0.8, detail }));
    rows.push(row(section, 'the same, with the start and the list before it', 'share', ideal / whole.ms, { detail: `${(whole.ms / 1000).toFixed(2)} s` }));
    rows.push(row(section, 'memory', 'MB', whole.rssMb, { most: MEMORY_MB }));
  }
  chart('revoke.svg', {
    title: 'Keys revoked at a 20 ms server, 16 at a time',
    across: 'keys',
    up: 's, first request to last answer',
    lines: [
      { name: 'keywright', points: points.took },
      { name: 'concurrency / latency', points: points.ideal },
    ],
  });
  return [...rows, ...growth];
}
