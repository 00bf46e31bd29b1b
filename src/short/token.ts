import { mayBeThere, mayHoldSomething } from '../adapters/presence.ts';
import { allEndAfter } from '../adapters/record-ends.ts';
import { expiredToken } from '../api/jwt.ts';
import { decide, type Decided } from '../flows/decision/decide.ts';
import type { Facts } from '../flows/decision/facts.ts';
import { inGithubActions } from '../flows/deliver/mask.ts';
import { REFRESH_EARLY_MS } from '../flows/stale.ts';
import type { Secret } from '../model/secret.ts';
import { accountsDir, settingsFile } from '../world/kept-here.ts';
import { atHand } from './at-hand.ts';

/*
 * The short way of `auth token`, as prompts, hooks and pipelines call it, over and over. What it builds of the world is enough for a key in a
 * variable and for a stored credential that is still good and can be read without asking anybody.
 */

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
  const here = atHand(process);
  // A runner may have to hear that it must hide the token.
  if (here === undefined || inGithubActions(here)) return undefined;
  const { env, paths, facts } = here;
  if (!mayHoldSomething(accountsDir(paths)) && !mayBeThere(settingsFile(paths))) {
    const outcome = decided(facts);
    return outcome && lineOf(keyIn(outcome));
  }
  // A refresh needs the whole program, and a keychain elsewhere may ask somebody; that is known before anything more is loaded.
  if (process.platform !== 'linux' || !allEndAfter(accountsDir(paths), Date.now() + REFRESH_EARLY_MS)) return undefined;
  return import('./token-stored.ts').then(async ({ kept, storedToken }) => {
    const known = await kept(paths);
    const outcome = known && decided({ ...facts, ...known });
    const world = { env, dir: paths.data, platform: process.platform, childEntry: `${import.meta.dirname}/keychain-child.js`, uid: process.getuid?.() };
    return outcome && lineOf(keyIn(outcome) ?? (await storedToken(outcome, world)));
  });
}
