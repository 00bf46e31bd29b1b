import { posix, win32 } from 'node:path';
import { variable, type Env } from '../model/env.ts';

const NAME = 'keywright';

/** Where things lie. None of these folders need exist; whoever writes makes what is missing. */
export interface Paths {
  /** What must not be lost: the encrypted file store, the backend's data. */
  readonly data: string;
  /** What a person edits: own provider definitions, defaults. */
  readonly config: string;
  /** What we remember: the account index. */
  readonly state: string;
  /** What can be deleted at any time: words for completion. */
  readonly cache: string;
  /**
   * Locks and refresh journals. They lie under the home folder of the password database and under no variable, since
   * terminals, cron and agents of one person differ in `HOME` and `XDG_*` and must still exclude each other.
   * Null where the password database knows no home: then the lock alone fails.
   */
  readonly locks: string | null;
  readonly journals: string | null;
}

/**
 * The folders by the rules of `env-paths` (and with that of the XDG base directories, the macOS library and the Windows
 * application data), computed here because that package reads the process's own environment when it is loaded and cannot be
 * given another. A test holds the two together. One rule is ours: a relative `XDG_*` value is passed over, as the XDG
 * specification demands.
 * `passwordHome` gives the home folder of the password database; it may throw.
 */
export function pathsBy(env: Env, platform: NodeJS.Platform, passwordHome: () => string): Paths {
  const { join, isAbsolute } = platform === 'win32' ? win32 : posix;
  const inOwn = (folder: string): string | null => {
    const recorded = recordedHome(passwordHome, isAbsolute);
    return recorded === null ? null : join(recorded, `.${NAME}`, folder);
  };
  // To ask the password database takes a while, and most commands lock nothing.
  const withOwn = (folders: Omit<Paths, 'locks' | 'journals'>): Paths => ({
    ...folders,
    get locks() {
      return inOwn('locks');
    },
    get journals() {
      return inOwn('journals');
    },
  });
  const home = homeVariable(env, platform) ?? recordedHome(passwordHome, isAbsolute) ?? '/';

  if (platform === 'darwin') {
    const library = join(home, 'Library');
    const support = join(library, 'Application Support', NAME);
    return withOwn({ data: support, state: support, config: join(library, 'Preferences', NAME), cache: join(library, 'Caches', NAME) });
  }
  if (platform === 'win32') {
    const roaming = variable(env, 'APPDATA') ?? join(home, 'AppData', 'Roaming');
    const local = variable(env, 'LOCALAPPDATA') ?? join(home, 'AppData', 'Local');
    const data = join(local, NAME, 'Data');
    return withOwn({ data, state: data, config: join(roaming, NAME, 'Config'), cache: join(local, NAME, 'Cache') });
  }
  const base = (name: string, ...usual: string[]): string => {
    const value = variable(env, name);
    return join(value !== undefined && isAbsolute(value) ? value : join(home, ...usual), NAME);
  };
  return withOwn({
    data: base('XDG_DATA_HOME', '.local', 'share'),
    config: base('XDG_CONFIG_HOME', '.config'),
    state: base('XDG_STATE_HOME', '.local', 'state'),
    cache: base('XDG_CACHE_HOME', '.cache'),
  });
}

/** The home folder as the person's programs see it: by the variable, else by the password database; undefined where neither knows one. */
export function homeBy(env: Env, platform: NodeJS.Platform, passwordHome: () => string): string | undefined {
  const { isAbsolute } = platform === 'win32' ? win32 : posix;
  return homeVariable(env, platform) ?? recordedHome(passwordHome, isAbsolute) ?? undefined;
}

function homeVariable(env: Env, platform: NodeJS.Platform): string | undefined {
  return variable(env, platform === 'win32' ? 'USERPROFILE' : 'HOME');
}

/** The home of the password database. A container may run under a number that the database does not know; asking then throws. */
function recordedHome(ask: () => string, isAbsolute: (path: string) => boolean): string | null {
  try {
    const home = ask();
    return isAbsolute(home) ? home : null;
  } catch {
    return null;
  }
}
