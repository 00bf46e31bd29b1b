/**
 * Measures what the mask of `keywright run` costs against a plain pipe. Usage: npm run bench:mask [-- MEGABYTES]   (200; 1000 for a gigabyte)
 *
 * How, and against what: bench/mask.mjs. Every way takes its turn beside the plain pipe; the median of the pairs counts.
 */
import process from 'node:process';

import { TEXTS, timeAll } from './bench/mask.mjs';

const ROUNDS = 5;

const median = (numbers) => numbers.toSorted((one, other) => one - other)[Math.floor(numbers.length / 2)];

const megabytes = Number(process.argv[2] ?? 200);
if (!Number.isInteger(megabytes) || megabytes < 1) throw new Error('Usage: npm run bench:mask [-- MEGABYTES]');

process.stdout.write(`${megabytes} MB, median of ${ROUNDS}\n${'text'.padEnd(22)}  ${'way'.padEnd(14)}  ms per MB  MB per s  speed of a plain pipe\n`);
for (const [name, text] of Object.entries(TEXTS)) {
  const times = timeAll(text, { megabytes, rounds: ROUNDS, node: process.execPath });
  const plain = times.get('plain pipe');
  for (const [way, all] of times) {
    const took = median(all);
    const share = median(all.map((ms, round) => plain[round] / ms));
    const columns = [
      name.padEnd(22),
      way.padEnd(14),
      (took / megabytes).toFixed(2).padStart(9),
      ((megabytes / took) * 1000).toFixed(0).padStart(8),
      share.toFixed(2).padStart(21),
    ];
    process.stdout.write(`${columns.join('  ')}\n`);
  }
}
