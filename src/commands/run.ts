import { confirmBinding } from '../flows/binding-trust.ts';
import { resolve } from '../flows/resolve.ts';
import { runWithCredential } from '../flows/run/with-credential.ts';
import type { AttachedEnd } from '../model/child.ts';
import type { Deps } from '../model/deps.ts';
import { Failure } from '../model/failure.ts';
import { ACCESS } from '../model/failure-sets.ts';
import { plainText } from '../render/plain-text.ts';
import { KEY_SCOPES } from '../providers/known-words.ts';
import { command, type Ending, type Invocation, type OptionsOf, PROJECT_FLAG } from './command.ts';

const flags = {
  ephemeral: { about: 'Make a key for this run alone, and revoke it when the program ends' },
  scope: { takes: 'scope', many: true, choices: KEY_SCOPES, about: 'With --ephemeral: what the key may do; give it several times for several scopes' },
  readOnly: { about: 'With --ephemeral: only the scopes that read' },
  env: { takes: 'name', about: "The variable that gets the credential, in place of the provider's own" },
  noMask: { about: 'Do not take the credential out of output that goes to a file or a pipe' },
  project: PROJECT_FLAG,
} as const;

/** POSIX.1-2017, Base Definitions, section 8.1. */
const VARIABLE_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** The exit codes of a shell for what it cannot start (POSIX.1-2017, Shell Command Language, section 2.8.2). */
const NOT_FOUND = 127;
const NOT_EXECUTABLE = 126;

interface Ran {
  readonly file: string;
  readonly end: AttachedEnd;
}

type Options = OptionsOf<typeof flags>;

/** Variables that mean something else to programs: an address or a path would be shown in messages and split at colons. */
const TAKEN = /(?:_API_URL|_PROJECT)$|^(?:API_URL|PATH|HOME|SHELL|PWD|TMPDIR)$|^(?:KEYWRIGHT|LD|DYLD|NODE)_/;

function check({ ephemeral, scope, readOnly, env }: Options): void {
  if (!ephemeral && (scope.length > 0 || readOnly)) {
    throw new Failure('usage', {
      detail: `${readOnly ? '--read-only' : '--scope'} says what a key may do, and none is made here.`,
      hint: 'Give --ephemeral too, for a key that is made for this run alone.',
    });
  }
  if (env === undefined) return;
  if (TAKEN.test(env)) throw new Failure('usage', { detail: `${env} means something else, and does not take a credential.`, hint: 'Such as --env API_TOKEN' });
  if (VARIABLE_NAME.test(env)) return;
  throw new Failure('usage', { detail: `--env "${plainText(env, 60)}" cannot be the name of a variable.`, hint: 'Such as --env API_TOKEN' });
}

async function start({ options, after, choice }: Invocation<Options, object>, deps: Deps): Promise<Ran> {
  check(options);
  const [file, ...args] = after;
  if (file === undefined || file === '') {
    throw new Failure('usage', { detail: 'No program was named.', hint: 'Write it after two dashes: keywright run -- npm test' });
  }
  const { project, env, noMask, ephemeral, scope: scopes, readOnly } = options;
  const resolution = await resolve({ ...choice, project }, deps);
  await confirmBinding(resolution.binding, 'run a command', deps);
  const wish = {
    file,
    args,
    variable: env,
    masking: noMask ? 'off' : 'on',
    ephemeral: ephemeral ? { scopes, readOnly } : undefined,
  } as const;
  return { file, end: await runWithCredential(resolution, wish, deps) };
}

function verdict({ file, end }: Ran): Failure | undefined {
  if (end.kind !== 'not-started') return undefined;
  const name = `"${plainText(file, 200)}"`;
  switch (end.why) {
    case 'not-found':
      return new Failure('not-found', { detail: `There is no program ${name}.`, hint: 'Check its name, and that its folder is on PATH.' });
    case 'not-executable':
      return new Failure('refused', { detail: `${name} cannot be executed (${end.code}).`, hint: 'Check its permissions, and that it is a program.' });
    case 'failed':
      return new Failure('refused', { detail: `${name} could not be started (${end.code}).` });
  }
}

function ending({ end }: Ran): Ending {
  switch (end.kind) {
    case 'ended':
      return { kind: 'exit', code: end.code };
    case 'killed':
      return { kind: 'signal', signal: end.signal };
    case 'not-started':
      return { kind: 'exit', code: end.why === 'not-found' ? NOT_FOUND : NOT_EXECUTABLE };
  }
}

/** `run`: starts a program in our place, with a credential in its environment and with no other of ours. */
export const run = command({
  path: ['run'],
  group: 'Tools',
  summary: 'Run a program with a credential in its environment',
  args: [],
  after: { name: 'command', about: 'The program and its arguments, handed on as they are; no shell reads them' },
  flags,
  examples: [
    ['keywright run -- npm test', 'with a token that is valid now in MEMAX_API_KEY, and masked in captured output'],
    ['keywright run --ephemeral --scope read -- ./deploy.sh', 'with a key of its own that is revoked when it ends'],
    ['keywright run --env TOKEN -- curl --config curl.conf', 'in a variable of another name'],
  ],
  failures: {
    ...ACCESS,
    'not-found': 'The provider does not know what was asked for (--ephemeral)',
  },
  otherExits: [
    ['any', 'That of the program, or 128 and the number of the signal that ended it'],
    ['126', 'The program cannot be executed'],
    ['127', 'There is no such program'],
  ],
  run: start,
  text: () => '',
  json: ({ end }) => (end.kind === 'not-started' ? null : undefined),
  verdict,
  ending,
});
