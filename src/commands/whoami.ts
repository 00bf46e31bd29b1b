import { askIdentity } from '../api/identity.ts';
import { authorityOf } from '../flows/authority.ts';
import { resolve } from '../flows/resolve.ts';
import type { Identity } from '../model/credentials.ts';
import type { Deps } from '../model/deps.ts';
import { plainText } from '../render/plain-text.ts';
import { command, type Invocation } from './command.ts';

const args = [{ name: 'provider', about: 'Which provider to ask', required: false }] as const;

interface WhoAmI {
  readonly provider: string;
  readonly origin: string;
  readonly identity: Identity;
  /** The variable or the stored account that the credential came from. */
  readonly source: { readonly kind: 'variable' | 'stored'; readonly name: string };
}

async function run(invocation: Invocation<object, { readonly provider: string | undefined }>, deps: Deps): Promise<WhoAmI> {
  const resolution = await resolve({ ...invocation.choice, provider: invocation.args.provider ?? invocation.choice.provider }, deps);
  const { target, source } = resolution;
  const identity = await askIdentity(deps.http, target, await authorityOf(resolution, deps));
  return {
    provider: target.provider.id,
    origin: target.origin,
    identity,
    source: source.kind === 'variable' ? { kind: 'variable', name: source.name } : { kind: 'stored', name: source.address.account },
  };
}

/** `whoami`: who the provider says you are. */
export const whoami = command({
  path: ['whoami'],
  group: 'Sign in',
  summary: 'Show who the provider says you are',
  args,
  flags: {},
  examples: [
    ['keywright whoami', 'who you are at the provider you are signed in to'],
    ['keywright whoami memax --json', 'the same for a program'],
  ],
  run,
  text: ({ identity, provider, source }) =>
    `${plainText(identity.label)} (${plainText(identity.id)}) at ${provider}, by ${source.kind === 'variable' ? source.name : `the stored sign-in "${source.name}"`}\n`,
});
