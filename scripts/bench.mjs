/**
 * Measures every budget of the program, and writes bench/results.md and the charts beside it. Usage:
 * npm run bench [-- --quick] [--write] [--only NAME,NAME] [--node FILE]
 *
 * `--quick` takes less than two minutes: fewer pairs, smaller sizes, and nothing is written unless `--write` is given. `--only` measures
 * some parts, by their names in PARTS, and writes nothing. `--node` measures with another Node. It needs no account and no network: the
 * provider runs here. NODE_EXTRA_CA_CERTS is unset for all that is measured: Node 20 reads it at every start, which would flatter every ratio.
 */
import { spawnSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { chart } from './bench/chart.mjs';
import { openGround } from './bench/ground.mjs';
import { NOTES } from './bench/notes.mjs';
import { inOneLine, resultsPage, writeResults } from './bench/report.mjs';
import { cannot } from './bench/row.mjs';
import { bulkRows } from './bench/rows/bulk.mjs';
import { concurrentRows } from './bench/rows/concurrent.mjs';
import { keychainRows } from './bench/rows/keychain.mjs';
import { listRows } from './bench/rows/lists.mjs';
import { maskRows } from './bench/rows/mask.mjs';
import { peerRows } from './bench/rows/peers.mjs';
import { requestRows } from './bench/rows/requests.mjs';
import { silentRows } from './bench/rows/silent.mjs';
import { startRows } from './bench/rows/start.mjs';
import { verifyRows } from './bench/rows/verify.mjs';
import { FULL, QUICK } from './bench/sizes.mjs';

/** Each part gives its lines; `chart` takes what grows. */
const PARTS = {
  start: startRows,
  requests: requestRows,
  lists: listRows,
  bulk: bulkRows,
  concurrent: concurrentRows,
  keychain: keychainRows,
  mask: maskRows,
  verify: verifyRows,
  silent: silentRows,
  peers: peerRows,
};

const root = fileURLToPath(new URL('..', import.meta.url));
const { values } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, write: { type: 'boolean', default: false }, only: { type: 'string' }, node: { type: 'string' } },
});
const quick = values.quick;
const node = values.node === undefined ? process.execPath : path.resolve(values.node);
const chosen = values.only?.split(',') ?? Object.keys(PARTS);
for (const name of chosen) if (!(name in PARTS)) throw new Error(`There is no part ${name}; there are ${Object.keys(PARTS).join(', ')}.`);
const nodeVersion = spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout.trim().slice(1);
const size = quick ? QUICK : FULL;
const say = (line) => process.stdout.write(`${line}\n`);

say(`${quick ? 'Quick: fewer pairs and smaller sizes than the budgets name. ' : ''}Node ${nodeVersion}, ${size.pairs} pairs.`);
const began = Date.now();
const ground = await openGround(node, nodeVersion);
// Nothing is left running or lying about by a bench that is broken off; the second time the signal does what it always does.
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void ground.close().finally(() => process.kill(process.pid, signal)));
const rows = [];
const charts = [];
try {
  for (const name of chosen) {
    const started = Date.now();
    const found = await PARTS[name]({ ground, size, chart: (file, drawing) => charts.push({ file, ...drawing }) }).catch((thrown) => [
      cannot(name, `everything of ${name}`, String(thrown?.message ?? thrown).slice(0, 300)),
    ]);
    for (const each of found) say(inOneLine(each));
    say(`  ${name}: ${((Date.now() - started) / 1000).toFixed(1)} s`);
    rows.push(...found);
  }
} finally {
  await ground.close();
}
const wanted = values.only === undefined && (!quick || values.write);
if (wanted) {
  await mkdir(path.join(root, 'bench'), { recursive: true });
  for (const { file, ...drawing } of charts) await writeFile(path.join(root, 'bench', file), chart(drawing));
  const date = new Date().toISOString().slice(0, 10);
  const trouble = await writeResults(root, resultsPage({ rows, charts, quick, pairs: size.pairs, nodeVersion, date, notes: NOTES }));
  if (trouble !== undefined) say(trouble);
}
const missed = rows.filter(({ met }) => met === 'not met').length;
const lacking = rows.filter(({ met }) => met === 'not measured').length;
say(
  `${rows.filter(({ met }) => met === 'met').length} met, ${missed} not met, ${lacking} not measured; ${((Date.now() - began) / 1000).toFixed(0)} s${wanted ? '; bench/results.md' : '; nothing was written'}`,
);
