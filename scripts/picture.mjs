/**
 * `npm run picture`: draws docs/terminal.svg, a screen on which the built program does its main job against the local backend, in a real
 * terminal. It needs tmux. Another run changes nothing but what the program itself says differently: ids, ports and times are settled, and
 * of the key, which is revoked at the end of the story, only the public prefix is drawn.
 */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { drawn } from './picture/draw.mjs';
import { settled } from './picture/settle.mjs';
import { openStage, PROGRAM, runToEnd } from './stage.mjs';

const FILE = path.join(path.dirname(fileURLToPath(import.meta.url)), '../docs/terminal.svg');
const COLUMNS = 90;
const LIMIT_MS = 120_000;
const END = 'the story has ended';

/** Each line is typed at the prompt; ID stands for the id of the key. */
const STORY = ['login memax', 'whoami', 'auth create-key ci-deploy --scope read --expires 90d', 'auth list-keys', 'auth revoke-key ID'];

const TITLE = 'A terminal in which keywright signs in, creates an API key, lists it and revokes it';

function script() {
  const program = `'${process.execPath}' '${PROGRAM}'`;
  const steps = STORY.map((line) =>
    line.includes('ID')
      ? `ID=$(${program} auth list-keys --json | sed -n 's/.*"id":"\\([^"]*\\)".*/\\1/p')\nplay ${line.replace('ID', '"$ID"')}`
      : `play ${line}`,
  );
  return `play() { printf '\\033[1m$ keywright %s\\033[0m\\n' "$*"; ${program} "$@" || exit; echo; }\n(\n${steps.join('\n')}\necho ${END}\n) || echo failed\nsleep 1000\n`;
}

/** Plays the story in a terminal and gives its screen, with what it takes to colour it. A line that was wrapped is one line. */
async function play({ home, env }) {
  const file = path.join(home, 'story.sh');
  await writeFile(file, script());
  const outside = { ...env, TERM: 'xterm-256color', SHELL: '/bin/sh', TMUX_TMPDIR: home };
  const tmux = async (...words) => {
    const { code, stdout, stderr } = await runToEnd('tmux', ['-L', 'picture', '-f', '/dev/null', ...words], { env: outside });
    if (code !== 0) throw new Error(`tmux ${words[0]} failed: ${stderr}`);
    return stdout;
  };
  await tmux('new-session', '-d', '-x', String(COLUMNS), '-y', '60', 'sh', file);
  try {
    const giveUpAt = Date.now() + LIMIT_MS;
    for (;;) {
      const screen = await tmux('capture-pane', '-p', '-e', '-J', '-S', '-');
      const at = screen.indexOf(END);
      if (at !== -1) return screen.slice(0, at);
      if (/^failed$/m.test(screen) || Date.now() > giveUpAt) throw new Error(`The story did not come to its end:\n${settled(screen)}`);
      await pause(100);
    }
  } finally {
    await tmux('kill-server');
  }
}

let stage;
try {
  stage = await openStage('picture');
  const screen = await play(stage);
  const [key] = /mxk_[0-9a-f]{16,}/.exec(screen) ?? [];
  if (key === undefined) throw new Error('No key was shown.');
  const text = settled(screen)
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
    .trim();
  const picture = drawn(text, { columns: COLUMNS, title: TITLE, description: `The commands are: ${STORY.map((line) => `keywright ${line}`).join('; ')}.` });
  if (picture.includes(key.slice(8))) throw new Error('The key would be in the picture.');
  await writeFile(FILE, picture);
} catch (thrown) {
  process.stderr.write(`\nThe picture was not drawn: ${thrown instanceof Error ? thrown.message : String(thrown)}\n`);
  process.exitCode = 1;
} finally {
  await stage?.close();
}
