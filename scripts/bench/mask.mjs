/**
 * One program writes, `cat` reads and throws away; between them is nothing, `run --no-mask`, or `run`. Two more ways are the floor for
 * whatever stands between: another `cat`, and a program of Node that does nothing but read and write. The start of the program is part
 * of its time.
 */
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import process from 'node:process';

import { PROGRAM } from '../stage.mjs';

const KEY = `mxk_${'0123456789abcdef'.repeat(4)}`;

export const TEXTS = {
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

/** What starts the writer, and what stands between its output and the last `cat`. */
const WAYS = {
  'plain pipe': { before: [], between: '' },
  'floor: cat': { before: [], between: '| cat' },
  'floor: node': { before: [], between: '| "$NODE" -e "$RELAY"' },
  'run --no-mask': { before: ['run', '--provider', 'memax', '--no-mask', '--'], between: '' },
  run: { before: ['run', '--provider', 'memax', '--'], between: '' },
};

/** Milliseconds from the start of the writer to the last byte read. Throws where bytes got lost. */
function timeOf({ before, between }, text, megabytes, node) {
  const { PATH = '', TMPDIR = tmpdir() } = process.env;
  const env = { PATH, TMPDIR, HOME: TMPDIR, MEMAX_API_KEY: KEY, NODE: node, RELAY };
  const words = [...(before.length === 0 ? [] : [node, PROGRAM, ...before]), node, '-e', WRITER, text, String(megabytes)];
  const started = process.hrtime.bigint();
  const script = `"$@" ${between} | { cat > /dev/null; echo done; }`;
  const { stdout, status, stderr } = spawnSync('sh', ['-c', script, 'sh', ...words], { env, encoding: 'utf8' });
  const took = Number(process.hrtime.bigint() - started) / 1e6;
  if (status !== 0 || stdout !== 'done\n' || stderr !== '') throw new Error(`ended with ${status}: ${stderr}`);
  return took;
}

/** Every way, in turns, so that other load on the machine meets all of them alike: the rounds of each, in milliseconds. */
export function timeAll(text, { megabytes, rounds, node }) {
  const times = new Map(Object.keys(WAYS).map((way) => [way, []]));
  for (let round = 0; round < rounds; round += 1) for (const [way, words] of Object.entries(WAYS)) times.get(way).push(timeOf(words, text, megabytes, node));
  return times;
}
