/** Other command lines beside ours, where they are installed; against bare Node, as everything else. */
import { mkdir, writeFile } from 'node:fs/promises';

import { firstMissing } from '../keyring.mjs';
import { pairs } from '../pairs.mjs';
import { cannot, ratioRow } from '../row.mjs';

const SECTION = 'Beside others, against bare Node';

/** Asked not to tell anybody that they run, and not to look for a newer version. */
const QUIET = {
  GH_NO_UPDATE_NOTIFIER: '1',
  WRANGLER_SEND_METRICS: 'false',
  VERCEL_TELEMETRY_DISABLED: '1',
  NO_UPDATE_NOTIFIER: '1',
  DO_NOT_TRACK: '1',
  CI: '1',
};

const TOKEN = `gho_${'0'.repeat(36)}`;

const COMMANDS = {
  gh: [
    ['--version', ['--version'], {}],
    ['--help', ['--help'], {}],
    ['auth token, from a variable', ['auth', 'token'], { GH_TOKEN: TOKEN }],
    ['auth token, from its file', ['auth', 'token'], {}],
  ],
  wrangler: [
    ['--version', ['--version'], {}],
    ['--help', ['--help'], {}],
  ],
  vercel: [
    ['--version', ['--version'], {}],
    ['--help', ['--help'], {}],
  ],
};

export async function peerRows({ ground, size }) {
  const folder = ground.at('gh');
  await mkdir(folder);
  await writeFile(`${folder}/hosts.yml`, `github.com:\n    user: bench\n    oauth_token: ${TOKEN}\n    git_protocol: https\n`, { mode: 0o600 });
  const base = { ...ground.env.stored, ...QUIET, GH_CONFIG_DIR: folder };
  const rows = [
    ratioRow(SECTION, 'keywright --version', await pairs(size.pairs, ground.bare, () => ground.ours(['--version']))),
    ratioRow(SECTION, 'keywright auth token, from a variable', await pairs(size.pairs, ground.bare, () => ground.ours(['auth', 'token'], ground.env.brought))),
    ratioRow(SECTION, 'keywright auth token, from its file', await pairs(size.pairs, ground.bare, () => ground.ours(['auth', 'token']))),
  ];
  for (const [program, commands] of Object.entries(COMMANDS)) {
    if (firstMissing([program]) !== undefined) {
      rows.push(cannot(SECTION, program, 'it is not installed here'));
      continue;
    }
    for (const [name, words, more] of commands) {
      const theirs = () => ground.stopwatch.run({ words: [program, ...words], env: { ...base, ...more } });
      rows.push(ratioRow(SECTION, `${program} ${name}`, await pairs(size.pairs, ground.bare, theirs)));
    }
  }
  return rows;
}
