import { join } from 'node:path';
import type { Children } from '../model/child.ts';
import type { SystemFacts } from '../model/system.ts';
import { once } from './once.ts';
import type { Surroundings } from './surroundings.ts';

export function systemIn(around: Surroundings, children: Pick<Children, 'find'>): SystemFacts {
  const { env, clock, platform, uid, paths, dist, execPath, started } = around;
  const load = once(async () =>
    (await import('../adapters/system.ts')).createSystemFacts({ env, clock, platform, uid, cwd: around.cwd(), home: around.home(), dataDir: paths.data }),
  );
  return {
    nodeVersion: around.nodeVersion,
    platform,
    // Some of them only the password database knows, which is asked where somebody wants to know.
    get places() {
      return { ...paths, home: around.home() ?? null };
    },
    hostname: async () => (await load()).hostname(),
    look: async (path) => (await load()).look(path),
    projectFolders: async () => (await load()).projectFolders(),
    files: async (folder, name) => (await load()).files(folder, name),
    readText: async (path, maxBytes) => (await load()).readText(path, maxBytes),
    proxyFor: async (address) => (await load()).proxyFor(address),
    sessionBus: async () => (await load()).sessionBus(),
    fileStore: async () => (await load()).fileStore(),
    program: async () => {
      const [{ findProgram }, { tmpdir }] = await Promise.all([import('../adapters/program-facts.ts'), import('node:os')]);
      return findProgram({
        platform,
        uid,
        execPath,
        nodeOnPath: () => children.find('node'),
        started,
        launcher: join(dist, '..', 'bin', 'keywright.js'),
        paths,
        passing: [tmpdir(), '/run/', '/var/run/', '/tmp/', env['XDG_RUNTIME_DIR'] ?? ''],
      });
    },
  };
}
