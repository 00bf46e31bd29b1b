import { authorityOf } from '../../flows/authority.ts';
import { stdoutMask } from '../../flows/deliver/mask.ts';
import { resolve } from '../../flows/resolve.ts';
import type { Deps } from '../../model/deps.ts';
import { Failure } from '../../model/failure.ts';
import { CREDENTIAL, REFRESH } from '../../model/failure-sets.ts';
import type { Secret } from '../../model/secret.ts';
import { credentialHeaders, type HeaderLine } from '../../providers/credential-kind.ts';
import { command, type Invocation, type OptionsOf } from '../command.ts';

const flags = {
  header: { about: 'Print the whole header line instead of the bare token' },
} as const;

interface Token {
  readonly provider: string;
  readonly origin: string;
  readonly token: Secret;
  readonly header: readonly HeaderLine[];
  readonly asHeader: boolean;
}

async function run(invocation: Invocation<OptionsOf<typeof flags>, object>, deps: Deps): Promise<Token> {
  const resolution = await resolve(invocation.choice, deps);
  const { target } = resolution;
  const authority = await authorityOf(resolution, deps);
  if (authority.sendWithProof !== null) {
    throw new Failure('usage', {
      detail: 'The tokens of this sign-in are bound to a key and are of no use to another program.',
      hint: 'Make an API key for the other program: keywright auth create-key <name>',
    });
  }
  const mask = stdoutMask(deps, 'Nothing was printed.');
  const token = await authority.secret();
  mask(token);
  return {
    provider: target.provider.id,
    origin: target.origin,
    token,
    header: credentialHeaders(target.provider, token.reveal(), target.project),
    asHeader: invocation.options.header,
  };
}

/** `auth token`: the one command whose job is to print a token that is valid now, and nothing else. */
export const token = command({
  path: ['auth', 'token'],
  group: 'Sign in',
  summary: 'Print a token that is valid now, refreshed if needed',
  args: [],
  flags,
  examples: [
    ['keywright auth token', 'for another program, such as TOKEN=$(keywright auth token)'],
    ['keywright auth token --header', 'a header line, such as for curl --header @-'],
  ],
  failures: { ...CREDENTIAL, ...REFRESH },
  run,
  text: (result) => `${result.asHeader ? result.header.map((line) => line.join(': ')).join('\n') : result.token.reveal()}\n`,
  json: (result) => ({ provider: result.provider, origin: result.origin, token: result.token.reveal() }),
});
