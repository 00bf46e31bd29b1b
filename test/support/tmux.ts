import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { until, type Variables } from './cli.ts';

/** A real terminal with a program in it. */
export interface Terminal {
  /** What is on the screen now, and what has scrolled off it. */
  screen(): Promise<string>;
  /** Waits until the screen fits; gives it. */
  shows(pattern: RegExp): Promise<string>;
  /** Types text as a person would, without a key at the end. */
  type(text: string): Promise<void>;
  /** Presses a key by its tmux name: `Enter`, `C-c`. */
  press(key: string): Promise<void>;
  /** The same as the screen, with what it takes to colour it. */
  colours(): Promise<string>;
  /** Every byte that came to the terminal until now, as text, with what moves the cursor, and the echo of what was typed. */
  raw(): Promise<string>;
  /** Makes the window as wide as this. */
  widen(columns: number): Promise<void>;
  /** Whether the cursor can be seen. */
  cursor(): Promise<'shown' | 'hidden'>;
  /** Waits until the program has ended and gives its exit code. Fails where it left the terminal in another mode than it found it in. */
  ended(): Promise<number>;
  /** Ends the terminal and whatever runs in it. */
  close(): Promise<void>;
}

/** Wide enough that no line wraps: an address must be found on the screen as one piece. */
const COLUMNS = 1000;

const CHANGED = 'the terminal is not as it was';

/**
 * Opens a terminal of tmux on a socket of its own below `TMPDIR` of `env`, and runs `command` in it. Its exit code is printed
 * after it, and the screen stays. A line of the screen that was wrapped for want of columns is given as one.
 */
export async function openTerminal(env: Variables, command: readonly string[], columns = COLUMNS): Promise<Terminal> {
  const name = `e2e-${randomBytes(6).toString('hex')}`;
  const settings = { env: { ...env, TMUX_TMPDIR: env['TMPDIR'] ?? '', TERM: 'xterm-256color', SHELL: '/bin/sh' }, extendEnv: false };
  const tmux = async (...args: string[]): Promise<string> => (await execa('tmux', ['-L', name, '-f', '/dev/null', ...args], settings)).stdout;
  // Ctrl-C reaches the shell too, which must live to tell the exit code.
  const script = `trap : INT; before=$(stty -g); "$@"; code=$?; [ "$(stty -g)" = "$before" ] || echo "${CHANGED}"; printf "\\nended with %s\\n" "$code"; exec sleep 1000`;
  const bytes = join(env['TMPDIR'] ?? '', `${name}.raw`);
  // In one call, so that nothing comes to the terminal before it is written down.
  await tmux('new-session', '-d', '-x', String(columns), '-y', '50', 'sh', '-c', script, 'sh', ...command, ';', 'pipe-pane', `exec cat >> '${bytes}'`);
  const screen = (): Promise<string> => tmux('capture-pane', '-p', '-J', '-S', '-');
  const shows = (pattern: RegExp): Promise<string> =>
    until(`${pattern} on the screen`, async () => {
      const now = await screen();
      return pattern.test(now) ? now : undefined;
    });
  return {
    screen,
    shows,
    colours: () => tmux('capture-pane', '-p', '-J', '-e', '-S', '-'),
    raw: () => readFile(bytes, 'utf8'),
    type: async (text) => void (await tmux('send-keys', '-l', text)),
    press: async (key) => void (await tmux('send-keys', key)),
    widen: async (to) => void (await tmux('resize-window', '-x', String(to))),
    cursor: async () => ((await tmux('display-message', '-p', '#{cursor_flag}')) === '1' ? 'shown' : 'hidden'),
    ended: async () => {
      const last = await shows(/ended with [0-9]+/);
      if (last.includes(CHANGED)) throw new Error(`${CHANGED}: ${last}`);
      return Number(/ended with ([0-9]+)/.exec(last)?.[1]);
    },
    close: async () => void (await tmux('kill-server')),
  };
}
