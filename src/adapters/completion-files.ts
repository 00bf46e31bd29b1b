import { access, lstat, readFile, rm, stat } from 'node:fs/promises';
import { posix, win32 } from 'node:path';
import type { CompletionScripts, CompletionShell, ScriptFile, ScriptPlace } from '../model/completion.ts';
import { variable, type Env } from '../model/env.ts';
import { Failure } from '../model/failure.ts';
import { writeFileAtomically } from './atomic-file.ts';
import { systemCode } from './system-code.ts';

export interface ScriptWorld {
  /** The folder of the scripts that come with the program. */
  readonly dir: string;
  readonly env: Env;
  readonly platform: NodeJS.Platform;
  readonly uid: number | undefined;
  readonly home: string | undefined;
  /** Below it lies what the system brings; `/` but for tests. */
  readonly systemRoot: string;
}

/** The names of the scripts; zsh finds a completion by the file's name. */
const FILES: Readonly<Record<CompletionShell, string>> = { bash: 'keywright.bash', zsh: '_keywright', fish: 'keywright.fish', powershell: 'keywright.ps1' };

/** The line by which a script of ours is known, among its first two: zsh wants its own first. */
const MARKER = /^(?:#compdef [^\n]*\n)?# keywright ([0-9A-Za-z.+-]{1,40}) completion for [a-z]+\./i;

/** No script of ours is near it. */
const MAX_BYTES = 1024 * 1024;

/** With one of these bash looks for completions by itself. */
const BASH_COMPLETION = ['usr/share', 'usr/local/share', 'opt/homebrew/share', 'opt/local/share'].map((dir) => `${dir}/bash-completion/bash_completion`);

/** Where Homebrew puts completions, in folders that belong to the person; its zsh, and that of the system, look there. */
const HOMEBREW = ['opt/homebrew/share/zsh/site-functions', 'usr/local/share/zsh/site-functions'];

/** For a line in a start-up file, in the quotes that mean the same to POSIX shells. */
const quoted = (path: string): string => `'${path.replaceAll("'", "'\\''")}'`;

/** The completion scripts of this machine. */
export function createCompletionScripts(world: ScriptWorld): CompletionScripts {
  const { env } = world;
  const { join, isAbsolute } = world.platform === 'win32' ? win32 : posix;

  /** A folder of the XDG base directories; a relative value is passed over, as they demand. */
  function base(name: string, ...usual: string[]): string {
    const value = variable(env, name);
    if (value !== undefined && isAbsolute(value)) return value;
    if (world.home !== undefined) return join(world.home, ...usual);
    throw new Failure('refused', { detail: 'Your home folder is not known, so there is no place for the script.', hint: 'Set HOME.' });
  }

  const there = (path: string): Promise<boolean> =>
    access(path).then(
      () => true,
      () => false,
    );
  const below = (parts: readonly string[]): readonly string[] => parts.map((part) => join(world.systemRoot, part));

  async function firstOf(paths: readonly string[], fits: (path: string) => Promise<boolean>): Promise<string | undefined> {
    for (const path of paths) if (await fits(path)) return path;
    return undefined;
  }

  /** Only a folder of one's own: what belongs to the system is for its packages. */
  async function isOwnFolder(path: string): Promise<boolean> {
    const facts = await stat(path).catch(() => undefined);
    return facts?.isDirectory() === true && facts.uid === world.uid;
  }

  async function bashPlace(): Promise<ScriptPlace> {
    const dir = join(variable(env, 'BASH_COMPLETION_USER_DIR') ?? join(base('XDG_DATA_HOME', '.local', 'share'), 'bash-completion'), 'completions');
    const paths = [join(dir, 'keywright'), join(dir, 'kw')];
    const finds = await firstOf(below(BASH_COMPLETION), there);
    return { paths, startUp: finds === undefined ? { file: '~/.bashrc', line: `source ${quoted(join(dir, 'keywright'))}` } : null };
  }

  async function zshPlace(): Promise<ScriptPlace> {
    const { home } = world;
    // zsh looks in the folders of FPATH; where it is exported, it is seen here.
    const listed = (variable(env, 'FPATH') ?? '').split(':').filter((dir) => home !== undefined && dir.startsWith(`${home}/`));
    const found = await firstOf([...listed, ...(world.platform === 'darwin' ? below(HOMEBREW) : [])], isOwnFolder);
    if (found !== undefined) return { paths: [join(found, '_keywright')], startUp: null };
    const dir = join(base('XDG_DATA_HOME', '.local', 'share'), 'zsh', 'site-functions');
    const file = join(variable(env, 'ZDOTDIR') ?? '~', '.zshrc');
    return { paths: [join(dir, '_keywright')], startUp: { file, line: `fpath+=(${quoted(dir)}); autoload -Uz compinit; compinit` } };
  }

  function fishPlace(): ScriptPlace {
    const dir = join(base('XDG_CONFIG_HOME', '.config'), 'fish', 'completions');
    return { paths: [join(dir, 'keywright.fish'), join(dir, 'kw.fish')], startUp: null };
  }

  function powershellPlace(): ScriptPlace {
    return { paths: [], startUp: { file: '$PROFILE', line: `. '${join(world.dir, FILES.powershell).replaceAll("'", "''")}'` } };
  }

  async function look(path: string): Promise<ScriptFile> {
    try {
      const facts = await lstat(path);
      if (!facts.isFile() || facts.size > MAX_BYTES) return { kind: 'foreign' };
      const version = MARKER.exec(await readFile(path, 'utf8'))?.[1];
      return version === undefined ? { kind: 'foreign' } : { kind: 'ours', version };
    } catch (error) {
      return ['ENOENT', 'ENOTDIR'].includes(systemCode(error) ?? '') ? { kind: 'absent' } : { kind: 'foreign' };
    }
  }

  return {
    script: async (shell) => {
      const text = await readFile(join(world.dir, FILES[shell]), 'utf8');
      return { text, version: MARKER.exec(text)?.[1] ?? '' };
    },
    place: async (shell) => ({ bash: bashPlace, zsh: zshPlace, fish: async () => fishPlace(), powershell: async () => powershellPlace() })[shell](),
    look,
    write: (path, text) => writeFileAtomically(path, text, { mode: 0o644 }).catch((error: unknown) => Promise.reject(notDone(path, 'written', error))),
    remove: (path) => rm(path, { force: true }).catch((error: unknown) => Promise.reject(notDone(path, 'removed', error))),
  };
}

function notDone(path: string, what: 'written' | 'removed', error: unknown): unknown {
  const code = systemCode(error);
  if (code === undefined) return error;
  return new Failure('refused', { detail: `The script ${path} cannot be ${what} (${code}).`, hint: 'Its folder must be writable for you.', cause: error });
}
