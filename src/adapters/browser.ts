import { existsSync } from 'node:fs';
import type { Browser } from '../model/browser.ts';
import { type Env, variable } from '../model/env.ts';

export interface BrowserWorld {
  readonly env: Env;
  readonly platform: NodeJS.Platform;
  /** The environment for the browser's process, without credentials. */
  readonly childEnv: Env;
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

/** `BROWSER` by its convention: programs separated by colons, each with arguments; `%s` stands for the address, which is else the last argument. */
function namedCommands(value: string, address: string): ReadonlyArray<{ readonly file: string; readonly args: readonly string[] }> {
  return value
    .split(':')
    .map((part) => part.trim().split(/\s+/))
    .flatMap(([file, ...args]) =>
      file === undefined || file === '' ? [] : [{ file, args: args.includes('%s') ? args.map((arg) => (arg === '%s' ? address : arg)) : [...args, address] }],
    );
}

/** How long a program may take to fail before it counts as started; a browser that lives longer is open. */
const START_MS = 500;

/** Starts a program without a shell and leaves it to itself; true when it ran, or is still running after a moment. */
async function start(file: string, args: readonly string[], childEnv: Env): Promise<'started' | 'failed'> {
  const { execa } = await import('execa');
  const child = execa(file, args, { env: childEnv, extendEnv: false, detached: true, stdio: 'ignore', cleanup: false, reject: false });
  child.unref();
  const moment = new Promise<'started'>((resolve) => {
    setTimeout(() => resolve('started'), START_MS).unref();
  });
  return Promise.race([moment, child.then((result) => (result.failed ? 'failed' : 'started'))]);
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
    open: async (address) => {
      const named = variable(world.env, 'BROWSER');
      if (named !== undefined) {
        for (const { file, args } of namedCommands(named, address)) {
          if ((await start(file, args, world.childEnv)) === 'started') return { kind: 'opened' };
        }
        return { kind: 'failed', why: 'no program that BROWSER names could be started' };
      }
      try {
        const { default: open } = await import('open');
        const child = await open(address);
        child.on('error', () => undefined);
        child.unref();
        return { kind: 'opened' };
      } catch (thrown) {
        return { kind: 'failed', why: thrown instanceof Error ? thrown.message : 'unknown' };
      }
    },
  };
}
