import { existsSync } from 'node:fs';
import type { Browser } from '../model/browser.ts';
import { variable } from '../model/env.ts';
import type { Starting } from './browser-start.ts';

export interface BrowserWorld extends Starting {
  readonly platform: NodeJS.Platform;
  /** Whether there is a file; `existsSync` unless a test says otherwise. */
  readonly exists?: (path: string) => boolean;
}

/** Docker leaves the first of these in every container, Podman the second. */
const CONTAINER_MARKS = ['/.dockerenv', '/run/.containerenv'];

function whyUnlikely({ env, platform, exists = existsSync }: BrowserWorld): string | null {
  // A program that is named for the purpose knows its way, also out of a container or to the other end of an SSH session.
  if (variable(env, 'BROWSER') !== undefined) return null;
  if (variable(env, 'SSH_CONNECTION') !== undefined) return 'this is an SSH session';
  if (platform !== 'linux') return null;
  // systemd-nspawn, Podman and LXC set the variable.
  if (variable(env, 'container') !== undefined || CONTAINER_MARKS.some(exists)) return 'this is a container';
  const display = ['DISPLAY', 'WAYLAND_DISPLAY', 'WSL_DISTRO_NAME'].some((name) => variable(env, name) !== undefined);
  return display ? null : 'there is no display';
}

/** Opens addresses in the person's browser: the one that `BROWSER` names, else the desktop's. */
export function createBrowser(world: BrowserWorld): Browser {
  return {
    // Looked up when asked: most commands never do.
    get likely() {
      return whyUnlikely(world) === null;
    },
    get whyUnlikely() {
      return whyUnlikely(world);
    },
    open: async (address) => (await import('./browser-start.ts')).openInBrowser(address, world),
  };
}
