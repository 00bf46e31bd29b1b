import { accessToGrant } from '../flows/grants/access.ts';
import { thenRetryRevocations } from '../flows/revocations/retry.ts';
import { planTeardown, tearDown, type TeardownPlan, type TornDown } from '../flows/setup/teardown.ts';
import { confirmSetup } from '../flows/setup/consent.ts';
import type { Deps } from '../model/deps.ts';
import { Failure } from '../model/failure.ts';
import { ACCESS, REST_IN_HINT } from '../model/failure-sets.ts';
import { providerById } from '../providers/registry.ts';
import { plainText } from '../render/plain-text.ts';
import { command, type Invocation, type OptionsOf } from './command.ts';

const flags = {
  only: { takes: 'client', many: true, about: 'Only this client' },
  skip: { takes: 'client', many: true, about: 'Leave this client out' },
  project: { about: 'Only the files of the current project' },
  dryRun: { about: 'Show what would be undone' },
  yes: { about: 'Ask nobody' },
} as const;

/** What is to be undone, or what became of it, a line each. */
type Result = { readonly kind: 'planned'; readonly lines: readonly string[] } | { readonly kind: 'done'; readonly results: readonly TornDown[] };

const PATH_MAX = 400;

function planLines({ grants, orphans }: TeardownPlan): readonly string[] {
  return [
    ...grants.map(({ record, places, ends }) => {
      const files = places.map(({ path }) => plainText(path, PATH_MAX)).join(', ');
      const what = ends
        ? `the grant ${record.id} of ${plainText(record.agent)} at ${record.provider} is revoked, and its entry`
        : `the entry of the grant ${record.id}, which stays for other files,`;
      return `${what} taken out of ${files}`;
    }),
    ...orphans.map(({ target, provider }) => `an entry for ${provider} whose grant is gone already is taken out of ${plainText(target.path, PATH_MAX)}`),
  ];
}

async function run({ options, choice }: Invocation<OptionsOf<typeof flags>, object>, deps: Deps): Promise<Result> {
  const provider = choice.provider === undefined ? undefined : (await providerById(choice.provider, deps)).id;
  const chosen = { only: options.only, skip: options.skip };
  const plan = await planTeardown(provider, chosen, options.project ? 'project' : 'everywhere', deps);
  const lines = planLines(plan);
  if (options.dryRun) return { kind: 'planned', lines };
  if (lines.length === 0) return { kind: 'done', results: [] };
  await confirmSetup(lines, 'undo this', options.yes, deps);
  return { kind: 'done', results: await tearDown(plan, (record) => accessToGrant(record, choice.account, deps), deps) };
}

const SERVER_WORDS = { revoked: 'revoked', 'already-gone': 'already gone', failed: 'kept' } as const;
const FILE_WORDS = { removed: 'removed from', absent: 'not in', failed: 'still in' } as const;

function lines({ grant, entries }: TornDown): string {
  const why = (text: string | null): string => (text === null ? '' : `: ${plainText(text, PATH_MAX)}`);
  const first =
    grant === null
      ? []
      : [`${SERVER_WORDS[grant.server]} ${grant.id} (${plainText(grant.agent)}, key ${grant.keyId})${grant.server === 'failed' ? why(grant.why) : ''}\n`];
  return [...first, ...entries.map((entry) => `${FILE_WORDS[entry.outcome]} ${plainText(entry.path, PATH_MAX)}${why(entry.why)}\n`)].join('');
}

function verdict(result: Result): Failure | undefined {
  if (result.kind === 'planned') return undefined;
  const grants = result.results.flatMap(({ grant }) =>
    grant !== null && (grant.server === 'failed' || grant.local === 'kept') ? [grant.id ?? grant.keyId] : [],
  );
  const files = result.results.flatMap(({ entries }) => entries.filter(({ outcome }) => outcome === 'failed').map(({ path }) => plainText(path, PATH_MAX)));
  if (grants.length === 0 && files.length === 0) return undefined;
  const parts = [
    ...(grants.length === 0 ? [] : [`grants that could not be revoked and forgotten, and stay: ${grants.join(', ')}`]),
    ...(files.length === 0 ? [] : [`files that still hold an entry: ${files.join(', ')}`]),
  ];
  return new Failure('partly-done', {
    detail: `Not everything was undone; ${parts.join('; ')}.`,
    hint: 'Run the same command again.',
    data: { results: result.results },
  });
}

/** `teardown`: undoes `setup --mcp`: the grants at the provider first, then in the store, then the entries in the files. */
export const teardown = command({
  path: ['teardown'],
  group: 'Agents',
  summary: 'Undo setup: revoke the grants of the MCP clients and take their entries out',
  args: [],
  flags,
  examples: [
    ['keywright teardown', 'everything that setup --mcp did; shows it and asks first'],
    ['keywright teardown --only cursor --yes', 'one client, without a question'],
  ],
  failures: {
    ...ACCESS,
    'needs-answer': 'It must be confirmed (--yes)',
    refused: 'The provider refused, or a file of a client cannot be changed',
    'partly-done': REST_IN_HINT,
  },
  run: (invocation, deps) => thenRetryRevocations(deps, () => run(invocation, deps)),
  text: (result) => (result.kind === 'planned' ? result.lines.map((line) => `${line}\n`).join('') : result.results.map(lines).join('')),
  json: (result) => (result.kind === 'planned' ? result.lines : result.results),
  notes: (result) => {
    if (result.kind === 'planned') return [result.lines.length === 0 ? 'There is nothing to undo.' : 'Nothing was done.'];
    return result.results.length === 0 ? ['There is nothing to undo.'] : [];
  },
  verdict,
});
