import { createHash } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomically } from './atomic-file.ts';
import { type LearnedKeys, MOST_KEYS } from './key-news.ts';
import { decodeKeys, encodeKeys, type KeptKey, type KeptSignIn } from './known-keys-file.ts';

/** They end by themselves after minutes, and are offered no longer then; so many at once are never waited for. */
const MOST_SIGN_INS = 20;

/** The keys at an origin after something was learned: those that were just seen first, so that a full list loses the oldest. */
function merged(kept: readonly KeptKey[], { owner: { account }, seen, gone, all }: LearnedKeys): readonly KeptKey[] {
  const still = kept.filter((key) => key.account !== account || (all === 'not-seen' && !seen.has(key.id) && !gone.has(key.id)));
  return [...[...seen.values()].map((key) => ({ ...key, account })), ...still].slice(0, MOST_KEYS);
}

function mergedSignIns(kept: readonly KeptSignIn[], { owner: { account }, begun, over }: LearnedKeys): readonly KeptSignIn[] {
  const known = new Set([...begun.map(({ id }) => id), ...over]);
  return [...begun.filter(({ id }) => !over.includes(id)).map((each) => ({ ...each, account })), ...kept.filter(({ id }) => !known.has(id))].slice(
    0,
    MOST_SIGN_INS,
  );
}

async function keepAt(dir: string, learned: LearnedKeys): Promise<void> {
  const { provider, origin } = learned.owner;
  const path = join(dir, `${createHash('sha256').update(origin).digest('hex').slice(0, 32)}.json`);
  const before = await readFile(path, 'utf8').catch(() => '');
  const kept = decodeKeys(before);
  const own = kept?.origin === origin ? kept : { keys: [], signIns: [] };
  const keys = merged(own.keys, learned);
  const signIns = mergedSignIns(own.signIns, learned);
  if (keys.length + signIns.length === 0) return rm(path, { force: true });
  const text = encodeKeys({ provider, origin, keys, signIns });
  if (text !== before) await writeFileAtomically(path, text, { mode: 0o600 });
}

/**
 * Writes what a command learned of keys and of sign-ins that wait into a file for each origin, 0600, for completion. Two commands at once may lose each other's
 * news, which the next list brings back. Never rejects: that a file cannot be written is nobody's trouble, since nothing depends on it.
 */
export async function keepKnownKeys(dir: string, learned: readonly LearnedKeys[]): Promise<void> {
  for (const each of learned) await keepAt(dir, each).catch(() => undefined);
}
