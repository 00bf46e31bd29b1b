/** What the program adds to the start of Node, where it asks nobody. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';

import { PROGRAM } from '../../stage.mjs';
import { pairs } from '../pairs.mjs';
import { ratioRow, row } from '../row.mjs';

const SECTION = 'Start, against bare Node';

/** What some of a command costs by itself, so that it can be told what the rest is. Usage: program ROOT. */
const FLOORS = {
  'floor: token.js taken in with its compiled code, not run': `
const fs = require('fs');
const dist = process.argv[2] + '/../dist/';
const kept = fs.readFileSync(dist + 'compiled/' + ['token.js', process.version, process.platform, process.arch].join('-'));
const cachedData = kept.subarray(128, (kept.length + 128) / 2);
new (require('vm').Script)(fs.readFileSync(dist + 'token.js', 'latin1'), { cachedData });`,
  'floor: node:crypto loaded, and one decryption with AES-256-GCM': `
const { createDecipheriv, randomBytes } = require('node:crypto');
createDecipheriv('aes-256-gcm', randomBytes(32), randomBytes(12)).update(randomBytes(2048));`,
  'floor: node:fs/promises loaded, and one file read': "require('node:fs/promises').readFile(process.argv[1]);",
  'floor: node:http loaded, and nothing asked': "require('node:http');",
};

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
  for (const [index, [name, text]] of Object.entries(FLOORS).entries()) {
    const file = ground.at(`floor-${index}.cjs`);
    await writeFile(file, text);
    const words = [ground.node, file, path.dirname(PROGRAM)];
    rows.push(ratioRow(SECTION, name, await pairs(size.pairs, ground.bare, () => ground.stopwatch.run({ words, env: stored }))));
  }
  return [...rows, ...memory];
}
