import { join } from 'node:path';
import { homeBy, pathsBy } from './adapters/path-rules.ts';
import { mayBeThere, mayHoldSomething } from './adapters/presence.ts';
import { BINDING_FILE, foldersToLookIn } from './adapters/project-folders.ts';
import { expiredToken } from './api/jwt.ts';
import { decide } from './flows/decision/decide.ts';
import { NOTHING_CHOSEN } from './model/settings.ts';
import { PROVIDERS } from './providers/registry.ts';
import { inGithubActions } from './flows/deliver/mask.ts';

export function keyInVariable(): string | undefined {
  const { env, platform } = process;
  if (inGithubActions({ env })) return undefined;
  const passwordHome = (): string => process.getBuiltinModule('node:os').userInfo().homedir;
  const paths = pathsBy(env, platform, passwordHome);
  if (mayHoldSomething(`${paths.state}/accounts`) || mayBeThere(`${paths.config}/settings.json`) || mayHoldSomething(`${paths.config}/providers`)) return undefined;
  const folders = foldersToLookIn({ cwd: process.cwd(), home: homeBy(env, platform, passwordHome) });
  if (folders.some((folder) => mayBeThere(join(folder, BINDING_FILE)))) return undefined;
  const named = { provider: undefined, account: undefined, project: undefined };
  const { outcome, warnings } = decide(named, { providers: PROVIDERS, env, records: [], binding: undefined, defaults: NOTHING_CHOSEN });
  if (warnings.length > 0 || outcome.kind === 'failed' || outcome.source.kind !== 'variable') return undefined;
  const { key } = outcome.source;
  return expiredToken(key, Date.now(), '', '') === undefined ? `${key.reveal()}\n` : undefined;
}
