/**
 * Measures what the mask of `keywright run` costs against a plain pipe. Usage: npm run bench:mask [-- MEGABYTES]   (200; 1000 for a gigabyte)
 *
 * One program writes, `cat` reads and throws away; between them is nothing, `run --no-mask`, or `run`. Two more rows are the floor for
 * whatever stands between: another `cat`, and a program of Node that does nothing but read and write. The ways take turns, so that other
 * load on the machine meets all of them alike, and the best of each counts. The start of the program is part of its time.
 */
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const ROUNDS = 3;
const LAUNCHER = fileURLToPath(new URL('../bin/keywright.js', import.meta.url));
const KEY = `mxk_${'0123456789abcdef'.repeat(4)}`;

const megabytes = Number(process.argv[2] ?? 200);
if (!Number.isInteger(megabytes) || megabytes < 1) throw new Error('Usage: npm run bench:mask [-- MEGABYTES]');

const TEXTS = {
  'plain lines': '2026-11-22T12:00:00Z info worker finished the job in 12 ms without any trouble\n',
  'coloured lines': '\u001b[32m2026-11-22T12:00:00Z\u001b[0m \u001b[1minfo\u001b[0m worker finished the job in \u001b[33m12 ms\u001b[0m without trouble\n',
  'a secret in each line': `using ${KEY} for the request to the server, which was answered at once\n`,
};

/** Writes so many megabytes of one text to standard output, 64 kB at a time. */
const WRITER = `
const { writeSync } = require('node:fs');
const block = Buffer.from(process.argv[1].repeat(Math.ceil(65536 / process.argv[1].length))).subarray(0, 65536);
for (let left = Number(process.argv[2]) * 1e6; left > 0; ) left -= writeSync(1, block, 0, Math.min(left, block.length));
`;

/** Passes standard input on, and nothing else. It may block, which `run` must not. */
const RELAY = `
const { readSync, writeSync } = require('node:fs');
const block = Buffer.allocUnsafeSlow(65536);
for (let length; (length = readSync(0, block)) > 0; ) for (let at = 0; at < length; ) at += writeSync(1, block, at, length - at);
`;

const { PATH = '', TMPDIR = tmpdir() } = process.env;
const env = { PATH, TMPDIR, HOME: TMPDIR, MEMAX_API_KEY: KEY, NODE: process.execPath, RELAY };

const RUN = [process.execPath, LAUNCHER, 'run', '--provider', 'memax'];

/** What starts the writer, and what stands between its output and the last `cat`. */
const WAYS = {
  'plain pipe': { before: [], between: '' },
  'floor: cat': { before: [], between: '| cat' },
  'floor: node': { before: [], between: '| "$NODE" -e "$RELAY"' },
  'run --no-mask': { before: [...RUN, '--no-mask', '--'], between: '' },
  run: { before: [...RUN, '--'], between: '' },
};

/** Milliseconds from the start of the writer to the last byte read. Ends the bench where bytes got lost. */
function time({ before, between }, text) {
  const writer = [process.execPath, '-e', WRITER, text, String(megabytes)];
  const started = process.hrtime.bigint();
  const script = `"$@" ${between} | { cat > /dev/null; echo done; }`;
  const { stdout, status, stderr } = spawnSync('sh', ['-c', script, 'sh', ...before, ...writer], { env, encoding: 'utf8' });
  const took = Number(process.hrtime.bigint() - started) / 1e6;
  if (status !== 0 || stdout !== 'done\n' || stderr !== '') throw new Error(`ended with ${status}: ${stderr}`);
  return took;
}

process.stdout.write(`${megabytes} MB, best of ${ROUNDS}\n${'text'.padEnd(22)}  ${'way'.padEnd(14)}  ms per MB  MB per s  speed of a plain pipe\n`);
for (const [name, text] of Object.entries(TEXTS)) {
  const best = new Map(Object.keys(WAYS).map((way) => [way, Infinity]));
  for (let round = 0; round < ROUNDS; round += 1) for (const [way, words] of Object.entries(WAYS)) best.set(way, Math.min(best.get(way), time(words, text)));
  for (const [way, took] of best) {
    const columns = [
      name.padEnd(22),
      way.padEnd(14),
      (took / megabytes).toFixed(2).padStart(9),
      ((megabytes / took) * 1000).toFixed(0).padStart(8),
      (best.get('plain pipe') / took).toFixed(2).padStart(21),
    ];
    process.stdout.write(`${columns.join('  ')}\n`);
  }
}
