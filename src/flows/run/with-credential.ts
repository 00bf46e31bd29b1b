import { basename } from 'node:path';
import type { AttachedEnd } from '../../model/child.ts';
import type { Deps } from '../../model/deps.ts';
import { Failure } from '../../model/failure.ts';
import type { Secret } from '../../model/secret.ts';
import { authorityOf } from '../authority.ts';
import type { Resolution } from '../resolve.ts';
import { makeEphemeralKey } from './ephemeral.ts';
import { revokeLeftovers } from './leftovers.ts';

export interface RunWish {
  readonly file: string;
  readonly args: readonly string[];
  /** The variable that gets the credential; undefined for the provider's own. */
  readonly variable: string | undefined;
  readonly masking: 'on' | 'off';
  /** What a key for this run alone may do; undefined where the credential that is used here is handed on. */
  readonly ephemeral: { readonly scopes: readonly string[]; readonly readOnly: boolean } | undefined;
}

/** A credential for a program, and what is to be done when that has ended. */
interface Lent {
  readonly credential: Secret;
  giveBack(): Promise<void>;
}

async function lend(resolution: Resolution, { file, ephemeral }: RunWish, deps: Deps): Promise<Lent> {
  if (ephemeral !== undefined) {
    const { key, revoke } = await makeEphemeralKey({ ...ephemeral, program: basename(file) }, resolution, deps);
    return { credential: key, giveBack: revoke };
  }
  const authority = await authorityOf(resolution, deps);
  if (authority.sendWithProof !== null) {
    throw new Failure('usage', {
      detail: 'The tokens of this sign-in are bound to a key and are of no use to another program.',
      hint: 'Give the program a key of its own with --ephemeral, make an API key for it, or make the request yourself: keywright api, keywright mcp',
    });
  }
  return { credential: await authority.secret(), giveBack: async () => undefined };
}

/** What the program gets beside our own variables: the credential, and where it belongs if that is not where everybody expects it. */
function variablesFor({ target }: Resolution, credential: Secret, name: string | undefined): Readonly<Record<string, string>> {
  const { provider, baseUrl, project } = target;
  const prefix = provider.envPrefix;
  return {
    ...(baseUrl === provider.baseUrl ? {} : { [`${prefix}_API_URL`]: baseUrl }),
    ...(project === null ? {} : { [`${prefix}_PROJECT`]: project }),
    [name ?? `${prefix}_API_KEY`]: credential.reveal(),
  };
}

/**
 * Runs a program with a credential that is valid now. One that was made for it is revoked when it has ended, however it ended, and also
 * where it never started. Keys that killed runs left behind are revoked meanwhile; that is told when the program has ended.
 */
export async function runWithCredential(resolution: Resolution, wish: RunWish, deps: Deps): Promise<AttachedEnd> {
  const leftovers = revokeLeftovers(deps);
  // Asked for at the end; should this fail first, nobody waits for it.
  leftovers.catch(() => undefined);
  const { credential, giveBack } = await lend(resolution, wish, deps);
  let end: AttachedEnd;
  try {
    const { file, args, masking } = wish;
    end = await deps.children.attach({ file, args, env: variablesFor(resolution, credential, wish.variable), masks: masking === 'on' ? [credential] : [] });
  } finally {
    await giveBack();
  }
  for (const line of await leftovers) deps.output.note(line);
  return end;
}
