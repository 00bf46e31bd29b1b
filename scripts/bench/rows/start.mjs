/** What the program adds to the start of Node, where it asks nobody. */
import path from 'node:path';

import { PROGRAM } from '../../stage.mjs';
import { pairs } from '../pairs.mjs';
import { ratioRow, row } from '../row.mjs';

const SECTION = 'Start, against bare Node';

/** What local commands may have more than bare Node. */
const MEMORY_MB = 3;

export async function startRows({ ground, size }) {
  const { stored, brought } = ground.env;
  const commands = [
    ['--version, by its file', ['--version'], stored, 1.1],
    ['--help', ['--help'], stored, 1.15],
    ['auth --help', ['auth', '--help'], stored, 1.15],
    ['auth list-keys --help', ['auth', 'list-keys', '--help'], stored, 1.15],
    ['completion bash', ['completion', 'bash'], stored, 1.15],
    ['auth token, key in a variable', ['auth', 'token'], brought, 1.15],
    ['__complete, what Tab asks for', ['__complete', 'key-ids', '--', ''], stored, 1.15],
    ['auth token, from the encrypted file', ['auth', 'token'], stored, 1.4],
    ['auth status --json, local', ['auth', 'status', '--json'], stored, 1.25],
  ];
  const noise = await pairs(size.pairs, ground.bare, ground.bare);
  const rows = [ratioRow(SECTION, 'bare Node against itself: what the machine adds', noise)];
  const memory = [];
  for (const [name, words, env, most] of commands) {
    const paired = await pairs(size.pairs, ground.bare, () => ground.ours(words, env));
    rows.push(ratioRow(SECTION, name, paired, { most }));
    memory.push(row('Memory, over bare Node', name, 'MB', paired.rssOver, { most: MEMORY_MB, detail: `${paired.rssMb.value.toFixed(1)} MB in all` }));
  }
  const link = path.join(ground.bin, 'keywright');
  const linked = await pairs(size.pairs, ground.bare, () => ground.stopwatch.run({ words: [link, '--version'], env: stored }));
  rows.splice(
    2,
    0,
    ratioRow(SECTION, '--version, by its installed link', linked, { most: 1.2, detail: `a link to ${path.basename(PROGRAM)}, through /usr/bin/env` }),
  );
  return [...rows, ...memory];
}
