import { homeBy, pathsBy } from './adapters/path-rules.ts';
import { mayBeThere, mayHoldSomething } from './adapters/presence.ts';
import { mayBeBound } from './adapters/project-folders.ts';
import { allEndAfter } from './adapters/record-ends.ts';
import { expiredToken } from './api/jwt.ts';
import { decide, type Decided } from './flows/decision/decide.ts';
import type { Facts } from './flows/decision/facts.ts';
import { inGithubActions } from './flows/deliver/mask.ts';
import { REFRESH_EARLY_MS } from './flows/stale.ts';
import type { Env } from './model/env.ts';
import type { Secret } from './model/secret.ts';
import { NOTHING_CHOSEN } from './model/settings.ts';
import { PROVIDERS } from './providers/registry.ts';
import { accountsDir, definitionsDir, settingsFile } from './world/kept-here.ts';

/*
 * The fourth composition root: `auth token` as prompts, hooks and pipelines call it, over and over. It decides by the rules of every command
 * and reads with the parts of every command. What it builds of the world is enough for a key in a variable and for a stored credential that is
 * still good and can be read without asking anybody; for all else it gives nothing, has done nothing, and the whole program begins anew.
 */

/** The names of Windows are the same in any case for Node, and not in a copy, which is what commands look at. */
const envOf = ({ env, platform }: Pick<NodeJS.Process, 'env' | 'platform'>): Env => (platform === 'win32' ? { ...env } : env);

const passwordHome = (): string => process.getBuiltinModule('node:os').userInfo().homedir;

/** What a command without flags decides, where it would say nothing of it; undefined where it fails or has something to say. */
function decided(facts: Facts): Decided | undefined {
  const { outcome, warnings } = decide({ provider: undefined, account: undefined, project: undefined }, facts);
  return outcome.kind === 'decided' && warnings.length === 0 ? outcome : undefined;
}

/** The key of a variable, if that was decided on and does not say itself that its time is over. */
function keyIn({ source }: Decided): Secret | undefined {
  return source.kind === 'variable' && expiredToken(source.key, Date.now(), source.name, '') === undefined ? source.key : undefined;
}

const lineOf = (token: Secret | undefined): string | undefined => (token === undefined ? undefined : `${token.reveal()}\n`);

/**
 * The line that `auth token` without flags prints; undefined where it prints something else, or something besides, or fails, or has to do
 * more for it than to read.
 */
export function tokenAtHand(): string | undefined | Promise<string | undefined> {
  const env = envOf(process);
  // A runner may have to hear that it must hide the token.
  if (inGithubActions({ env })) return undefined;
  const paths = pathsBy(env, process.platform, passwordHome);
  if (mayHoldSomething(definitionsDir(paths)) || mayBeBound({ cwd: process.cwd(), home: homeBy(env, process.platform, passwordHome) })) return undefined;
  const facts = { providers: PROVIDERS, env, records: [], binding: undefined, defaults: NOTHING_CHOSEN };
  if (!mayHoldSomething(accountsDir(paths)) && !mayBeThere(settingsFile(paths))) {
    const outcome = decided(facts);
    return outcome && lineOf(keyIn(outcome));
  }
  // A refresh needs the whole program, and a keychain elsewhere may ask somebody; that is known before anything more is loaded.
  if (process.platform !== 'linux' || !allEndAfter(accountsDir(paths), Date.now() + REFRESH_EARLY_MS)) return undefined;
  return import('./token-stored.ts').then(async ({ kept, storedToken }) => {
    const outcome = decided({ ...facts, ...(await kept(paths)) });
    const world = { env, dir: paths.data, platform: process.platform, childEntry: `${import.meta.dirname}/keychain-child.js`, uid: process.getuid?.() };
    return outcome && lineOf(keyIn(outcome) ?? (await storedToken(outcome, world)));
  });
}
