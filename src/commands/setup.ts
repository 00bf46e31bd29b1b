import type { SetUp } from '../flows/setup/apply.ts';
import { thenRetryRevocations } from '../flows/revocations/retry.ts';
import { checkSetup, type CheckedPart } from '../flows/setup/check.ts';
import { setUp, type PlainKeyFound, type SetupResult } from '../flows/setup/setup.ts';
import type { Deps } from '../model/deps.ts';
import { Failure } from '../model/failure.ts';
import { ACCESS } from '../model/failure-sets.ts';
import { providerById } from '../providers/registry.ts';
import { plainText } from '../render/plain-text.ts';
import { listing } from '../render/listing.ts';
import type { Column } from '../render/table.ts';
import { command, type Invocation, type OptionsOf, type Screen } from './command.ts';

const flags = {
  mcp: { about: 'Connect the MCP clients on this machine to the provider' },
  only: { takes: 'client', many: true, about: 'Only this client, whether it is found or not' },
  skip: { takes: 'client', many: true, about: 'Leave this client out' },
  project: { about: "Write the files of the current project in place of the person's own" },
  check: { about: 'Prove every entry from the file to the server, and change nothing' },
  dryRun: { about: 'Show every change as a diff; nothing is made' },
  print: { about: 'Print what to paste, and write no file; the grants are made after the question' },
  scope: { takes: 'scope', many: true, about: "What the agents may do; the least that the provider's MCP server needs unless it is said" },
  expires: { takes: 'when', about: 'When the grants end, such as 8h or 30d; 30d unless it is said' },
  renew: { about: 'Let the bridge renew them when they are near their end' },
  device: { takes: 'name', about: 'The name of this machine; its host name unless it is said' },
  replacePlainKeys: { about: 'Take out entries of the same files that hold a key of the provider in plain text' },
  yes: { about: 'Ask nobody' },
} as const;

type Options = OptionsOf<typeof flags>;
type Result = SetupResult | { readonly kind: 'checked'; readonly parts: readonly CheckedPart[] };

const MANNERS = ['check', 'dryRun', 'print'] as const;

function mannerOf(options: Options): (typeof MANNERS)[number] | 'write' {
  if (!options.mcp) throw new Failure('usage', { detail: 'It was not said what is to be set up.', hint: 'For MCP clients: keywright setup --mcp' });
  const [manner, other] = MANNERS.filter((name) => options[name]);
  if (other !== undefined) throw new Failure('usage', { detail: '--check, --dry-run and --print exclude each other.', hint: 'Give one of them.' });
  return manner ?? 'write';
}

async function run({ options, choice }: Invocation<Options, object>, deps: Deps): Promise<Result> {
  const manner = mannerOf(options);
  const chosen = { only: options.only, skip: options.skip };
  const scope = options.project ? 'project' : 'user';
  if (manner === 'check') {
    const provider = choice.provider === undefined ? undefined : (await providerById(choice.provider, deps)).id;
    return { kind: 'checked', parts: await checkSetup(provider, chosen, scope, deps) };
  }
  const terms = { scopes: options.scope, expires: options.expires, device: options.device, renew: options.renew };
  const wish = {
    chosen,
    scope,
    terms,
    yes: options.yes,
    replacePlainKeys: options.replacePlainKeys,
    manner: manner === 'dryRun' ? 'dry-run' : manner,
  } as const;
  return setUp(wish, choice, deps);
}

/** Paths and sentences are long. */
const LONGEST = 400;

const partColumns: ReadonlyArray<Column<CheckedPart>> = [
  { title: 'CLIENT', cell: (each) => each.client },
  { title: 'PROVIDER', cell: (each) => each.provider ?? '' },
  { title: 'PART', cell: (each) => each.part },
  { title: 'STATE', cell: (each) => each.state },
  { title: 'WHAT', cell: (each) => each.what, longest: LONGEST },
  { title: 'FIX', cell: (each) => each.fix ?? '', longest: LONGEST },
];

const clientColumns: ReadonlyArray<Column<SetUp>> = [
  { title: 'CLIENT', cell: (each) => each.client },
  { title: 'OUTCOME', cell: (each) => each.outcome },
  { title: 'GRANT', cell: (each) => each.grant ?? '' },
  { title: 'FILE', cell: (each) => each.path, longest: LONGEST },
];

function text(result: Result, screen: Screen): string {
  switch (result.kind) {
    case 'checked':
      return listing(partColumns, result.parts, screen);
    case 'planned':
      return result.changes.map(({ diff }) => diff).join('');
    case 'printed':
      return result.snippets.map(({ client, path, text: pasted }) => `# ${client}: ${plainText(path, LONGEST)}\n${pasted}`).join('\n');
    case 'done':
      return listing(clientColumns, result.clients, screen);
  }
}

function plainKeyNote({ client, path, entry, begins, outcome }: PlainKeyFound): string {
  const where = `${client}: the entry "${plainText(entry, 60)}" of ${plainText(path, LONGEST)}`;
  const what = outcome === 'taken-out' ? 'held a key in plain text and was taken out; a backup of the file may still hold it' : 'holds a key in plain text';
  return `${where} ${what}. Revoke the key that begins with ${begins}: keywright auth list-keys, then keywright auth revoke-key <id>`;
}

function notes(result: Result): readonly string[] {
  if (result.kind === 'planned') return [...result.lines, 'Nothing was done.'];
  if (result.kind !== 'done') return [];
  const nothing = result.clients.every(({ outcome }) => outcome === 'kept');
  return [
    ...(nothing ? ['There is nothing to do.'] : []),
    ...result.clients.flatMap(({ client, why }) => (why === null ? [] : [`${client}: ${plainText(why, LONGEST)}`])),
    ...result.clients.flatMap(({ client, afterwards }) => (afterwards === null ? [] : [`${client}: ${afterwards}`])),
    ...result.plainKeys.map(plainKeyNote),
  ];
}

function verdict(result: Result): Failure | undefined {
  if (result.kind === 'checked') {
    const wrong = result.parts.filter(({ state }) => state === 'wrong');
    if (wrong.length === 0) return undefined;
    return new Failure('partly-done', {
      detail: `${wrong.length === 1 ? '1 thing is' : `${wrong.length} things are`} wrong: ${wrong.map(({ client, part }) => `${client} (${part})`).join(', ')}.`,
      hint: 'Each of them says how to put it right.',
      data: { results: result.parts },
    });
  }
  if (result.kind !== 'done') return undefined;
  const open = result.clients.filter(({ outcome, why }) => !['added', 'replaced', 'kept'].includes(outcome) || why !== null);
  if (open.length === 0) return undefined;
  const onlyRefused = result.clients.every(({ outcome }) => outcome === 'refused');
  return new Failure(onlyRefused ? 'refused' : 'partly-done', {
    detail: `Not everything was set up: ${open.map(({ client, outcome, why }) => `${client} (${why === null ? outcome : plainText(why)})`).join('; ')}.`,
    hint: 'Put right what is named and run the same command again; what is done stays. To paste an entry yourself: keywright setup --mcp --print --only <client>',
    data: { results: result.clients },
  });
}

/** `setup --mcp`: gives each MCP client on this machine a grant of its own, without a secret in its files. */
export const setup = command({
  path: ['setup'],
  group: 'Agents',
  summary: 'Connect the MCP clients on this machine to a provider, without a key in their files',
  args: [],
  flags,
  examples: [
    ['keywright setup --mcp', 'every client that is found; shows the plan and asks first'],
    ['keywright setup --mcp --only claude-code --scope read --expires 8h', 'one client, for a day of reading'],
    ['keywright setup --mcp --dry-run', 'every change as a diff, without making anything'],
    ['keywright setup --mcp --check', 'whether every entry works, from the file to the server'],
  ],
  failures: {
    ...ACCESS,
    'needs-answer': 'It must be confirmed (--yes), or it cannot be told which provider is meant',
    'not-found': 'No client of MCP was found, or none of this name',
    refused: 'The provider refused, or a file of a client cannot be changed',
    'partly-done': 'Some clients were not set up, or an entry does not work (--check)',
  },
  run: (invocation, deps) => thenRetryRevocations(deps, () => run(invocation, deps)),
  text,
  json: (result) =>
    result.kind === 'checked' ? result.parts : result.kind === 'planned' ? result.changes : result.kind === 'printed' ? result.snippets : result.clients,
  notes,
  verdict,
});
