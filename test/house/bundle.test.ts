import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { COMMANDS } from '../../src/cli/command-table.ts';
import { TOPICS } from '../../src/cli/topics/topics.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Packages that cost start-up. Each is loaded alone and only when it is needed. */
const HEAVY = ['@inquirer/prompts', 'chalk', 'commander', 'execa', 'jose', 'open', 'openid-client', 'undici'];

/** What the file that starts may load at once: small, and needed by nearly every command. */
const AT_START = ['valibot'];

/** What a command loads at once because it can do nothing without it. */
const AT_COMMAND: Readonly<Record<string, readonly string[]>> = { 'src/commands/login.ts': ['jose', 'openid-client'] };

interface Output {
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly imports: ReadonlyArray<{ readonly path: string; readonly kind: string; readonly external?: boolean }>;
}

let folder: string;
let outputs: Readonly<Record<string, Output>>;

const packagesOf = (file: string): readonly string[] => [
  ...new Set(Object.keys(outputs[file]?.inputs ?? {}).flatMap((input) => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1] ?? [])),
];

/** The files that are loaded as soon as `file` is. */
function loadedWith(file: string, seen: Set<string> = new Set()): ReadonlySet<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  for (const { path: next, kind, external } of outputs[file]?.imports ?? []) if (kind === 'import-statement' && external !== true) loadedWith(next, seen);
  return seen;
}

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'keywright-bundle-'));
  const metafile = path.join(folder, 'meta.json');
  await promisify(execFile)(process.execPath, [path.join(ROOT, 'scripts/build.mjs'), '--quiet', '--out', path.join(folder, 'dist'), '--metafile', metafile]);
  const meta: { outputs: Record<string, Output> } = JSON.parse(await readFile(metafile, 'utf8'));
  outputs = meta.outputs;
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe('the bundle', () => {
  it('keeps each costly package in files of its own', () => {
    const mixed = Object.keys(outputs).map((file) => ({ file, packages: packagesOf(file).filter((name) => HEAVY.includes(name)) }));
    expect(mixed.filter(({ packages }) => packages.length > 1)).toEqual([]);
    expect([...new Set(mixed.flatMap(({ packages }) => packages))].sort()).toEqual(HEAVY);
  });

  it('starts with no package but the small ones', () => {
    expect([...new Set([...loadedWith('dist/main.js')].flatMap(packagesOf))].filter((name) => !AT_START.includes(name))).toEqual([]);
  });

  it('starts the bridge with the bridge alone', () => {
    const inputs = [...loadedWith('dist/bridge.js')].flatMap((file) => Object.keys(outputs[file]?.inputs ?? {}));
    expect(inputs).toContain('src/mcp/bridge/bridge.ts');
    expect(inputs.filter((input) => !/^src\/(bridge\.ts|mcp|model|adapters|render|api\/mask\.ts)/.test(input))).toEqual([]);
    expect(inputs.filter((input) => /^src\/adapters\/(?!clock|random)/.test(input))).toEqual([]);
  });

  it('starts completion with the readers of small files alone, in one file', () => {
    const inputs = Object.keys(outputs['dist/complete.js']?.inputs ?? {});
    expect(inputs).toContain('src/complete.ts');
    expect(
      inputs.filter(
        (input) => !/^src\/(complete|render\/plain-text|model\/\w+|adapters\/(path-rules|remembered|known-keys-file|record-fields))\.ts$/.test(input),
      ),
    ).toEqual([]);
    expect((outputs['dist/complete.js']?.imports ?? []).map(({ path: name }) => name).filter((name) => !['node:fs', 'node:path'].includes(name))).toEqual([]);
  });

  it('loads one command only, and with it nothing costly but what it cannot do without', () => {
    const commandsIn = (file: string): readonly string[] =>
      Object.keys(outputs[file]?.inputs ?? {}).filter((input) => input.startsWith('src/commands/') && input !== 'src/commands/command.ts');
    const starting = Object.keys(outputs).filter((file) => commandsIn(file).length > 0);
    expect(starting.flatMap(commandsIn).sort()).toEqual(COMMANDS.map(({ path: words }) => `src/commands/${words.join('/')}.ts`).sort());
    const loads = starting.map((file) => {
      const files = [...loadedWith(file)];
      return [files.flatMap(commandsIn).join(' '), [...new Set(files.flatMap(packagesOf))].filter((name) => HEAVY.includes(name)).sort()] as const;
    });
    expect(loads.filter(([, costly]) => costly.length > 0)).toEqual(Object.entries(AT_COMMAND));
    expect(loads.map(([command]) => command).filter((command) => command.includes(' '))).toEqual([]);
  });

  it('has the help of every command, group and topic ready', async () => {
    const groups = COMMANDS.flatMap(({ path: words }) => (words.length > 1 ? [words.slice(0, -1)] : []));
    const wanted = ['root', ...TOPICS.map(({ name }) => name), ...[...COMMANDS.map(({ path: words }) => words), ...groups].map((words) => words.join('.'))].map(
      (name) => `${name}.txt`,
    );
    expect(await readdir(path.join(folder, 'dist/texts')).then((names) => names.sort())).toEqual([...new Set(wanted)].sort());
  });
});
