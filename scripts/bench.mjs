/**
 * Measures what the built launcher adds to the start of Node. Usage: npm run bench
 *
 * Each command runs in turn with `node -e 0`, so that other load on the machine meets both alike; the numbers are ratios.
 * NODE_EXTRA_CA_CERTS is unset: Node 20 reads it at every start, which would flatter every ratio.
 */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const PAIRS = 25;
const LAUNCHER = fileURLToPath(new URL('../bin/keywright.js', import.meta.url));
const COMMANDS = [['--version'], ['--help'], ['auth', 'list-keys', '--help']];

const { NODE_EXTRA_CA_CERTS: _unset, ...env } = process.env;

/** Milliseconds that one process took, from start to end. Ends the bench when the process fails. */
function time(args) {
  const started = process.hrtime.bigint();
  const { status, stderr } = spawnSync(process.execPath, args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
  const took = Number(process.hrtime.bigint() - started) / 1e6;
  if (status !== 0) throw new Error(`node ${args.join(' ')} ended with ${status}: ${stderr}`);
  return took;
}

function median(numbers) {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
}

const rows = [];
for (const command of COMMANDS) {
  const pairs = Array.from({ length: PAIRS }, () => ({ bare: time(['-e', '0']), ours: time([LAUNCHER, ...command]) }));
  const best = Math.min(...pairs.map(({ ours }) => ours)) / Math.min(...pairs.map(({ bare }) => bare));
  rows.push({ command: `${path.basename(LAUNCHER, '.js')} ${command.join(' ')}`, best, middle: median(pairs.map(({ bare, ours }) => ours / bare)) });
}
const width = Math.max(...rows.map(({ command }) => command.length));
process.stdout.write(`Whole process against node -e 0, ${PAIRS} pairs each\n${'command'.padEnd(width)}  best/best  median ratio\n`);
for (const { command, best, middle } of rows)
  process.stdout.write(`${command.padEnd(width)}  ${best.toFixed(2).padStart(9)}  ${middle.toFixed(2).padStart(12)}\n`);
