/** Masking of captured output, against a plain pipe. */
import { TEXTS, timeAll } from '../mask.mjs';
import { spreadOf } from '../pairs.mjs';
import { row } from '../row.mjs';

const LEAST = 0.5;

export async function maskRows({ ground, size }) {
  const { megabytes, rounds, all } = size.mask;
  const rows = [];
  for (const [name, text] of Object.entries(TEXTS).slice(0, all ? undefined : 1)) {
    const times = timeAll(text, { megabytes, rounds, node: ground.node });
    const plain = times.get('plain pipe');
    for (const [way, took] of times) {
      if (way === 'plain pipe') continue;
      const share = spreadOf(took.map((ms, round) => plain[round] / ms));
      const detail = `${(Math.min(...took) / megabytes).toFixed(2)} ms/MB against ${(Math.min(...plain) / megabytes).toFixed(2)}, best of ${rounds}`;
      const limits = way === 'run' ? { least: LEAST, detail } : { detail };
      rows.push(row(`Masking of ${megabytes} MB, as a share of the speed of a plain pipe`, `${name}: ${way}`, 'share', share, limits));
    }
  }
  return rows;
}
