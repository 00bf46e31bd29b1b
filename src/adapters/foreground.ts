import { readFileSync } from 'node:fs';
import { isatty } from 'node:tty';

/** What a key press sends to every process of the terminal's foreground group. */
const FROM_KEYS: ReadonlySet<string> = new Set(['SIGINT', 'SIGQUIT']);

/** Fields of /proc/<pid>/stat after the name, which may hold anything: state, parent, group, session, terminal, foreground group. */
function foregroundOnLinux(stat: string): boolean {
  const [, , group, , terminal, foreground] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return terminal !== '0' && group !== undefined && group === foreground;
}

/**
 * Whether a signal that came to us came from the terminal, and with that to our child as well, which is in the same group. Nothing tells
 * who sent a signal, so a key press is taken for the sender wherever one could be.
 */
export function cameFromKeys(signal: string, platform: NodeJS.Platform, stat: () => string = () => readFileSync('/proc/self/stat', 'latin1')): boolean {
  if (!FROM_KEYS.has(signal)) return false;
  if (platform === 'linux') {
    try {
      return foregroundOnLinux(stat());
    } catch {
      // No /proc in this container: as on the other systems.
    }
  }
  return [0, 1, 2].some((descriptor) => isatty(descriptor));
}
