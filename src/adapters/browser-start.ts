import type { Browser } from '../model/browser.ts';
import { type Env, variable } from '../model/env.ts';

export interface Starting {
  readonly env: Env;
  /** The environment for the browser's process, without credentials. */
  readonly childEnv: Env;
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

/** Opens an address in the browser that `BROWSER` names, else in the desktop's. */
export async function openInBrowser(address: string, { env, childEnv }: Starting): ReturnType<Browser['open']> {
  const named = variable(env, 'BROWSER');
  if (named !== undefined) {
    for (const { file, args } of namedCommands(named, address)) {
      if ((await start(file, args, childEnv)) === 'started') return { kind: 'opened' };
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
}
