import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const CONFIG = '.dependency-cruiser.cjs';
const DEPCRUISE = path.join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');

interface Violation {
  readonly from: string;
  readonly rule: { readonly name: string };
}

/** Runs the repository's own rules over a tree of files made for the purpose; gives `rule: file` lines. */
async function violations(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const tree = await mkdtemp(path.join(tmpdir(), 'keywright-floors-'));
  try {
    await symlink(path.join(ROOT, 'node_modules'), path.join(tree, 'node_modules'));
    for (const name of [CONFIG, 'tsconfig.json', 'package.json']) await cp(path.join(ROOT, name), path.join(tree, name));
    for (const [name, text] of Object.entries(files)) {
      await mkdir(path.dirname(path.join(tree, name)), { recursive: true });
      await writeFile(path.join(tree, name), text);
    }
    const output = await promisify(execFile)(process.execPath, [DEPCRUISE, '--config', CONFIG, '--output-type', 'json', 'src'], {
      cwd: tree,
      maxBuffer: 64e6,
    }).then(
      ({ stdout }) => stdout,
      (failed: { readonly stdout: string }) => failed.stdout,
    );
    const report: { summary: { violations: readonly Violation[] } } = JSON.parse(output);
    return report.summary.violations.map(({ rule, from }) => `${rule.name}: ${from}`);
  } finally {
    await rm(tree, { recursive: true, force: true });
  }
}

const bring = (...from: readonly string[]): string => from.map((name) => `import '${name}';\n`).join('');

/** A small house in which everything is where it belongs. */
const SOUND: Readonly<Record<string, string>> = {
  'src/main.ts': `${bring('./cli/run.ts', './world/parts.ts', './adapters/clock.ts', './adapters/http/one.ts')}export const start = () => import('./backend/start.ts');\n`,
  'src/world/parts.ts': bring('../adapters/clock.ts'),
  'src/short/way.ts': bring('../adapters/clock.ts', '../flows/sign-in.ts', '../world/parts.ts'),
  'src/model/words.ts': 'export const word = 1;\nexport type Word = number;\n',
  'src/providers/provider.ts': bring('../model/words.ts'),
  'src/providers/acme.ts': bring('./provider.ts'),
  'src/providers/registry.ts': bring('./acme.ts'),
  'src/render/text.ts': bring('../model/words.ts'),
  'src/oauth/server.ts': bring('../model/words.ts', 'openid-client'),
  'src/api/keys.ts': bring('../providers/registry.ts'),
  'src/flows/sign-in.ts': bring('../oauth/server.ts', '../api/keys.ts', '../mcp/bridge.ts'),
  'src/mcp/bridge.ts': bring('../api/keys.ts'),
  'src/commands/command.ts': bring('../model/words.ts'),
  'src/commands/auth/list-keys.ts': bring('../command.ts', '../../flows/sign-in.ts', '../../mcp/bridge.ts', '../../render/text.ts'),
  'src/cli/run.ts': `${bring('commander')}export const load = () => import('../commands/auth/list-keys.ts');\n`,
  'src/adapters/clock.ts': `${bring('node:fs')}import type { Word } from '../model/words.ts';\nexport type Tick = Word;\n`,
  'src/adapters/http/one.ts': bring('undici'),
  'src/backend/start.ts': bring('libsql', 'oidc-provider', '../providers/acme.ts', '../render/text.ts'),
};

/** A planted fault or more for each of the house's rules: rule, file, what is added to it. */
const FAULTS: ReadonlyArray<readonly [rule: string, file: string, text: string]> = [
  ['resolvable', 'src/render/text.ts', bring('./nowhere.ts')],
  ['no-circle', 'src/providers/provider.ts', bring('./registry.ts')],
  ['no-orphan', 'src/render/alone.ts', 'export const alone = 1;\n'],
  ['floor-0-model', 'src/model/words.ts', bring('../render/text.ts')],
  ['floor-1-providers', 'src/providers/provider.ts', "export const later = () => import('../api/keys.ts');\n"],
  ['floor-1-render', 'src/render/text.ts', "export type { start } from '../main.ts';\n"],
  ['floor-2-oauth', 'src/oauth/server.ts', "import type { load } from '../cli/run.ts';\nexport type Load = typeof load;\n"],
  ['floor-2-api', 'src/api/keys.ts', bring('../oauth/server.ts')],
  ['floor-3-flows', 'src/flows/sign-in.ts', "export const later = () => import('../commands/auth/list-keys.ts');\n"],
  ['floor-3-mcp', 'src/mcp/bridge.ts', bring('../flows/sign-in.ts')],
  ['floor-4-commands', 'src/commands/auth/list-keys.ts', "import type { load } from '../../cli/run.ts';\nexport type Load = typeof load;\n"],
  ['floor-5-cli', 'src/cli/run.ts', "export const later = () => import('../adapters/clock.ts');\n"],
  ['model-imports-nothing', 'src/model/words.ts', bring('node:path')],
  ['wing-adapters', 'src/adapters/clock.ts', bring('../api/keys.ts')],
  ['wing-backend', 'src/backend/start.ts', bring('../oauth/server.ts')],
  ['wing-adapters-sees-provider-types', 'src/adapters/clock.ts', "export { x } from '../providers/provider.ts';\n"],
  ['only-main-knows-the-wings', 'src/cli/run.ts', bring('../world/parts.ts')],
  ['only-main-knows-the-wings', 'src/commands/auth/list-keys.ts', bring('../../short/way.ts')],
  ['only-main-opens-adapters', 'src/cli/run.ts', "export const later = () => import('../adapters/clock.ts');\n"],
  ['only-main-opens-backend', 'src/commands/auth/list-keys.ts', bring('../../backend/start.ts')],
  ['command-alone', 'src/commands/auth/revoke-key.ts', bring('./list-keys.ts')],
  ['only-registry-names-a-provider', 'src/api/keys.ts', bring('../providers/acme.ts')],
  ['room-of-@inquirer-prompts', 'src/cli/run.ts', bring('@inquirer/prompts')],
  ['room-of-chalk', 'src/render/text.ts', bring('chalk')],
  ['room-of-commander', 'src/commands/auth/list-keys.ts', bring('commander')],
  ['room-of-env-paths', 'src/flows/sign-in.ts', bring('env-paths')],
  ['room-of-execa', 'src/flows/sign-in.ts', bring('execa')],
  ['room-of-jose', 'src/api/keys.ts', bring('jose')],
  ['room-of-jsonc-parser', 'src/flows/sign-in.ts', bring('jsonc-parser')],
  ['room-of-keytar', 'src/adapters/clock.ts', bring('keytar')],
  ['room-of-libsql', 'src/adapters/clock.ts', bring('libsql')],
  ['room-of-oidc-provider', 'src/oauth/server.ts', "import type Server from 'oidc-provider';\nexport type Theirs = Server;\n"],
  ['room-of-open', 'src/oauth/server.ts', bring('open')],
  ['room-of-openid-client', 'src/api/keys.ts', bring('openid-client')],
  ['room-of-smol-toml', 'src/flows/sign-in.ts', bring('smol-toml')],
  ['room-of-undici', 'src/oauth/server.ts', bring('undici')],
  ['room-of-valibot', 'src/render/text.ts', bring('valibot')],
  ['known-package', 'src/api/keys.ts', bring('esbuild')],
  ['source-is-not-a-test', 'src/api/keys.ts', bring('../../test/world.ts')],
];

const support = { 'test/world.ts': 'export const world = 1;\n' };

function ruleNames(): readonly string[] {
  const config: { forbidden: ReadonlyArray<{ name: string }> } = createRequire(import.meta.url)(path.join(ROOT, CONFIG));
  return config.forbidden.map(({ name }) => name);
}

describe('the floors', () => {
  it('finds nothing wrong with a sound house', async () => {
    expect(await violations(SOUND)).toEqual([]);
  });

  it('has a planted fault for each rule', () => {
    expect([...new Set(FAULTS.map(([rule]) => rule))].sort()).toEqual([...ruleNames()].sort());
  });

  it('finds every planted fault', async () => {
    const planted: Record<string, string> = { ...SOUND, ...support };
    for (const [, file, text] of FAULTS) planted[file] = `${planted[file] ?? ''}${text}`;
    const found = await violations(planted);
    expect(FAULTS.map(([rule, file]) => `${rule}: ${file}`).filter((line) => !found.includes(line))).toEqual([]);
  });
});
