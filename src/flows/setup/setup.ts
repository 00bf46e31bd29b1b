import type { Deps } from '../../model/deps.ts';
import { Failure } from '../../model/failure.ts';
import { accessOf } from '../authority.ts';
import { confirmBinding } from '../binding-trust.ts';
import { type Choice, resolve } from '../resolve.ts';
import { applySetup, type SetUp } from './apply.ts';
import { confirmSetup, isWork, makesGrant, plainKeysToGo, planLines, warnOfClosedStore } from './consent.ts';
import { type Planned, planSetup, type PlanWorld } from './plan.ts';
import { type Printed, printSetup } from './print.ts';
import { diffOf } from './show.ts';
import { type Chosen, clientWorld, someClients, type Target, targetOf } from './targets.ts';
import { type AskedTerms, grantTerms } from './terms.ts';

/** What was asked for, beside the choice of provider and account. */
export interface SetupWish {
  readonly manner: 'write' | 'print' | 'dry-run';
  readonly chosen: Chosen;
  readonly scope: Target['scope'];
  readonly terms: AskedTerms;
  readonly yes: boolean;
  readonly replacePlainKeys: boolean;
}

/** A change as `--dry-run` shows it. */
export interface PlannedChange {
  readonly client: string;
  readonly path: string;
  readonly step: Planned['step']['kind'];
  readonly why: string | null;
  readonly diff: string;
}

/** A key that stood in plain text, by its beginning. */
export interface PlainKeyFound {
  readonly client: string;
  readonly path: string;
  readonly entry: string;
  readonly begins: string;
  readonly outcome: 'taken-out' | 'stays';
}

export type SetupResult =
  | { readonly kind: 'planned'; readonly changes: readonly PlannedChange[]; readonly lines: readonly string[] }
  | { readonly kind: 'printed'; readonly snippets: readonly Printed[] }
  | { readonly kind: 'done'; readonly provider: string; readonly clients: readonly SetUp[]; readonly plainKeys: readonly PlainKeyFound[] };

async function targetsFor({ chosen, scope }: SetupWish, provider: string, warn: (line: string) => void, deps: Deps): Promise<readonly Target[]> {
  const world = await clientWorld(deps);
  const targets: Target[] = [];
  for (const client of await someClients(chosen, world, deps)) {
    const target = await targetOf(client, scope, provider, world, deps);
    if (target !== undefined) targets.push(target);
    else if (chosen.only.length > 0) warn(`${client.name} has no file ${scope === 'project' ? 'for a project' : 'on this system'}; it is passed over.`);
  }
  if (targets.length > 0) return targets;
  throw new Failure('not-found', {
    detail: scope === 'project' ? 'None of these clients has a file for a project.' : 'None of these clients has a file on this system.',
    hint: scope === 'project' ? 'Leave --project out.' : 'Name another one with --only.',
  });
}

function planned(plan: readonly Planned[], world: PlanWorld, without: (planned: Planned) => readonly string[]): SetupResult {
  const changes = plan.map((each) => ({
    client: each.target.client.id,
    path: each.target.path,
    step: each.step.kind,
    why: 'why' in each.step ? each.step.why : null,
    diff: diffOf(each, without(each), world),
  }));
  return { kind: 'planned', changes, lines: planLines(plan, world) };
}

const plainFound = (plan: readonly Planned[], gone: (planned: Planned) => readonly string[], done: readonly SetUp[]): readonly PlainKeyFound[] =>
  plan.flatMap((each) =>
    each.plain.map(({ name, begins }): PlainKeyFound => {
      const { id } = each.target.client;
      const written = done.some(({ client, path, outcome }) => client === id && path === each.target.path && (outcome === 'added' || outcome === 'replaced'));
      return { client: id, path: each.target.path, entry: name, begins, outcome: written && gone(each).includes(name) ? 'taken-out' : 'stays' };
    }),
  );

/** Two runs at the same time would each make a grant for the same entry, and the one that is written over would live on. */
const LOCK_NAME = 'keywright|setup';

/** Longer than a run with several clients takes, so that a waiter outlives it. */
const LOCK_WAIT_MS = 120_000;

async function withSetupLock<Result>(deps: Pick<Deps, 'lock' | 'interrupted'>, work: () => Promise<Result>): Promise<Result> {
  const held = await deps.lock.acquire(LOCK_NAME, { waitMs: LOCK_WAIT_MS, signal: deps.interrupted });
  try {
    return await work();
  } finally {
    await held.release();
  }
}

/** The plan that was agreed to, without what another run has done by now. */
async function stillToDo(plan: readonly Planned[], wish: SetupWish, world: PlanWorld, deps: Deps): Promise<readonly Planned[]> {
  // What there was to be warned of was said when the plan was made.
  const targets = await targetsFor(wish, world.api.provider.id, () => undefined, deps);
  const now = await planSetup(targets, 'write', world, deps);
  const isSame = (one: Planned, other: Planned): boolean => one.target.client.id === other.target.client.id && one.target.path === other.target.path;
  return plan.map((each) => now.find((other) => isSame(each, other) && other.step.kind === 'keep') ?? each);
}

/**
 * Gives each client on this machine a grant of its own and an entry that starts the bridge with it. Every file is read and every change decided
 * before anybody is asked, and nothing is made before the answer. What is right already stays, so that a second run changes nothing.
 */
export async function setUp(wish: SetupWish, choice: Choice, deps: Deps): Promise<SetupResult> {
  const resolution = await resolve(choice, deps);
  const { target: api } = resolution;
  if (api.provider.mcp === null)
    throw new Failure('usage', { detail: `${api.provider.name} has no MCP server.`, hint: 'Name a provider that has one: --provider <id>' });
  const terms = await grantTerms(wish.terms, resolution, deps);
  const targets = await targetsFor(wish, api.provider.id, (line) => deps.output.warn(line), deps);
  const world: PlanWorld = { api, terms, start: { program: await deps.system.program(), env: deps.env, platform: deps.system.platform } };
  const plan = await planSetup(targets, wish.manner === 'print' ? 'print' : 'write', world, deps);
  const everyPlainKey = ({ plain }: Planned): readonly string[] => (wish.replacePlainKeys ? plain.map(({ name }) => name) : []);
  if (wish.manner === 'dry-run') return planned(plan, world, everyPlainKey);

  if (plan.some(makesGrant)) {
    await confirmBinding(resolution.binding, 'make grants', deps);
    await warnOfClosedStore(world, deps);
  }
  const printing = wish.manner === 'print';
  const work = printing ? 'make these grants' : 'change these files';
  if (printing ? plan.some(makesGrant) : plan.some(isWork)) await confirmSetup(planLines(plan, world), work, wish.yes, deps);
  else if (!printing) for (const line of planLines(plan, world)) deps.output.note(line);
  if (printing) return { kind: 'printed', snippets: await printSetup(plan, world, await accessOf(resolution, deps), deps) };

  const without = await plainKeysToGo(plan, { flag: wish.replacePlainKeys, yes: wish.yes }, deps);
  // Where every entry is right already, not even the store of the sign-in is opened.
  let opening: ReturnType<typeof accessOf> | undefined;
  const open = (): ReturnType<typeof accessOf> => (opening ??= accessOf(resolution, deps));
  const clients = plan.some(isWork)
    ? await withSetupLock(deps, async () => applySetup(await stillToDo(plan, wish, world, deps), without, world, open, deps))
    : await applySetup(plan, without, world, open, deps);
  return { kind: 'done', provider: api.provider.id, clients, plainKeys: plainFound(plan, without, clients) };
}
