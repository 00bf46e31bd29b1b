import { createStandardStreams } from '../adapters/standard-streams.ts';
import { statusOf } from '../flows/account-status.ts';
import { jsonText } from '../render/json.ts';
import { atHand } from './at-hand.ts';
import { kept } from './kept.ts';
import { mayBeLeft } from './left.ts';

/*
 * The short way of `auth status --json`, as prompts and agents call it, over and over: local state alone, and a program that reads the result.
 */

/** Whether the result goes to a person. Where that takes long to tell it is taken for granted. */
const isForPerson = (): boolean => createStandardStreams({ platform: process.platform, loadIsatty: () => () => true }).isTerminal(1);

/**
 * The line that `auth status --json` prints where somebody is signed in; undefined where it prints something else, or something besides, or
 * fails, or has more to do than to read.
 */
export async function statusAtHand(): Promise<string | undefined> {
  const here = isForPerson() ? undefined : atHand(process);
  if (here === undefined || mayBeLeft(here.paths)) return undefined;
  const known = await kept(here.paths);
  if (known === undefined) return undefined;
  const facts = { ...here.facts, ...known };
  const rows = facts.providers.flatMap((provider) => statusOf(provider, undefined, facts).rows);
  if (rows.every(({ resolution }) => resolution === null)) return undefined;
  return `${jsonText(
    rows.map(({ status }) => status),
    false,
  )}\n`;
}
