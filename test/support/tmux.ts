import { randomBytes } from 'node:crypto';
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
  /** Waits until the program has ended and gives its exit code. */
  ended(): Promise<number>;
  /** Ends the terminal and whatever runs in it. */
  close(): Promise<void>;
}

/** Wide enough that no line wraps: an address must be found on the screen as one piece. */
const COLUMNS = '1000';

/**
 * Opens a terminal of tmux on a socket of its own below `TMPDIR` of `env`, and runs `command` in it. Its exit code is printed
 * after it, and the screen stays.
 */
export async function openTerminal(env: Variables, command: readonly string[]): Promise<Terminal> {
  const name = `e2e-${randomBytes(6).toString('hex')}`;
  const settings = { env: { ...env, TMUX_TMPDIR: env['TMPDIR'] ?? '', TERM: 'xterm-256color', SHELL: '/bin/sh' }, extendEnv: false };
  const tmux = async (...args: string[]): Promise<string> => (await execa('tmux', ['-L', name, '-f', '/dev/null', ...args], settings)).stdout;
  // Ctrl-C reaches the shell too, which must live to tell the exit code.
  const script = 'trap : INT; "$@"; printf "\\nended with %s\\n" "$?"; exec sleep 1000';
  await tmux('new-session', '-d', '-x', COLUMNS, '-y', '50', 'sh', '-c', script, 'sh', ...command);
  const screen = (): Promise<string> => tmux('capture-pane', '-p', '-J', '-S', '-');
  const shows = (pattern: RegExp): Promise<string> =>
    until(`${pattern} on the screen`, async () => {
      const now = await screen();
      return pattern.test(now) ? now : undefined;
    });
  return {
    screen,
    shows,
    type: async (text) => void (await tmux('send-keys', '-l', text)),
    press: async (key) => void (await tmux('send-keys', key)),
    ended: async () => Number(/ended with ([0-9]+)/.exec(await shows(/ended with [0-9]+/))?.[1]),
    close: async () => void (await tmux('kill-server')),
  };
}
