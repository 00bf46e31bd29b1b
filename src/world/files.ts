import { join, resolve } from 'node:path';
import type { CompletionScripts } from '../model/completion.ts';
import type { ConfigFiles } from '../model/config-file.ts';
import type { KeyFiles } from '../model/key-file.ts';
import { once } from './once.ts';
import type { Surroundings } from './surroundings.ts';

export function keyFilesIn({ cwd: findCwd, uid }: Surroundings): KeyFiles {
  const cwd = findCwd();
  const load = once(async () => (await import('../adapters/key-files.ts')).createKeyFiles({ cwd, uid }));
  return {
    resolve: (path) => resolve(cwd ?? '/', path),
    check: async (path) => (await load()).check(path),
    read: async (path) => (await load()).read(path),
    write: async (path, text) => (await load()).write(path, text),
    append: async (path, text) => (await load()).append(path, text),
    delete: async (path) => (await load()).delete(path),
  };
}

/** The files of other programs. */
export function configFilesIn({ uid, clock, interrupted, paths }: Surroundings): ConfigFiles {
  const load = once(async () =>
    (await import('../adapters/config-files/config-files.ts')).createConfigFiles({ uid, clock, interrupted, notes: `${paths.state}/config-files` }),
  );
  return {
    read: async (path) => (await load()).read(path),
    replace: async (path, before, after) => (await load()).replace(path, before, after),
    withLock: async (path, work) => (await load()).withLock(path, work),
  };
}

export function completionScriptsIn({ dist, env, platform, uid, home }: Surroundings): CompletionScripts {
  const load = once(async () =>
    (await import('../adapters/completion-files.ts')).createCompletionScripts({
      dir: join(dist, '..', 'completions'),
      env,
      platform,
      uid,
      home: home(),
      systemRoot: '/',
    }),
  );
  return {
    script: async (shell) => (await load()).script(shell),
    place: async (shell) => (await load()).place(shell),
    look: async (path) => (await load()).look(path),
    write: async (path, text) => (await load()).write(path, text),
    remove: async (path) => (await load()).remove(path),
  };
}
