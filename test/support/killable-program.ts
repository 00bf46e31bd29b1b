import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build, type Plugin } from 'esbuild';
import { ROOT } from './cli.ts';

/** The real program, with `counted-program.ts` around its adapters; how it is told when to die stands there. */
export interface KillableProgram {
  readonly file: string;
  remove(): Promise<void>;
}

/** What the composition root loads of an adapter, and what is put around it. */
const COUNTED: Readonly<Record<string, readonly [make: string, around: string]>> = {
  'rotations.ts': ['createRotationJournal', 'countedRotations'],
  'grants.ts': ['createGrantIndex', 'countedGrants'],
  'encrypted-file/notes.ts': ['createEncryptedFileNotes', 'countedNotes'],
  'encrypted-file/store.ts': ['createEncryptedFileStore', 'countedStore'],
  'key-files.ts': ['createKeyFiles', 'countedFiles'],
  'http/one-request.ts': ['createOneRequestHttp', 'countedHttp'],
};

const ADAPTERS = path.join(ROOT, 'src/adapters');
const WORLD = path.join(ROOT, 'src/world');

/** `main.ts` and the rooms that it builds the world in. */
const isRoot = (file: string): boolean => path.dirname(file) === WORLD || file === path.join(ROOT, 'src/main.ts');

const quoted = (...parts: string[]): string => JSON.stringify(path.join(...parts));

/** The text that stands in an adapter's place. Locks go below HOME too, which the program itself asks the password database for. */
function inPlaceOf(adapter: string): string {
  const real = quoted(ADAPTERS, adapter);
  if (adapter === 'paths.ts') {
    return `import { findPaths as real } from ${real}; export { findHome } from ${real}; export const findPaths = (env, platform) => real(env, platform, () => env.HOME);`;
  }
  const [make, around] = COUNTED[adapter] ?? [];
  return `import { ${make} as real } from ${real}; import { ${around} } from ${quoted(ROOT, 'test/support/counted-program.ts')}; export const ${make} = (world) => ${around}(real(world));`;
}

const aroundAdapters: Plugin = {
  name: 'around-adapters',
  setup(builder) {
    builder.onResolve({ filter: /\/adapters\/.*\.ts$/ }, ({ path: named, importer }) => {
      const adapter = named.replace(/^\.\.?\/adapters\//, '');
      if (!isRoot(importer) || (COUNTED[adapter] === undefined && adapter !== 'paths.ts')) return undefined;
      return { path: adapter, namespace: 'counted' };
    });
    builder.onLoad({ filter: /.*/, namespace: 'counted' }, ({ path: adapter }) => ({ contents: inPlaceOf(adapter), loader: 'js', resolveDir: ADAPTERS }));
  },
};

/** Builds it. Every adapter that is to be counted must be found in the composition root, or the walk would have holes. */
export async function buildKillable(): Promise<KillableProgram> {
  const rooms = await Promise.all((await readdir(WORLD)).map((room) => readFile(path.join(WORLD, room), 'utf8')));
  const missing = Object.keys(COUNTED).filter((adapter) => !rooms.some((room) => room.includes(`../adapters/${adapter}`)));
  if (missing.length > 0) throw new Error(`no room of the world loads ${missing.join(', ')}`);
  const dir = await mkdtemp(path.join(tmpdir(), 'killable-'));
  await build({
    entryPoints: [path.join(ROOT, 'src/main.ts')],
    outdir: dir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'error',
    external: ['keytar', 'libsql', 'oidc-provider'],
    define: { __KEYWRIGHT_VERSION__: '"0.0.0-test"' },
    // Packages in CommonJS expect to find it.
    banner: { js: "import { createRequire as makeRequire } from 'node:module'; const require = makeRequire(import.meta.url);" },
    plugins: [aroundAdapters],
  });
  return { file: path.join(dir, 'main.mjs'), remove: () => rm(dir, { recursive: true, force: true }) };
}
