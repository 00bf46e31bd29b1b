import { findEntry } from '../../mcp/edit/edit.ts';
import type { Client, ClientWorld } from '../../mcp/clients/client.ts';
import type { Deps } from '../../model/deps.ts';
import { isFailure } from '../../model/failure.ts';
import { grantAccount, type GrantRecord } from '../../model/grant.ts';
import { knownProviders } from '../../providers/registry.ts';
import { plainText } from '../../render/plain-text.ts';
import { proveGrant } from '../grants/proof.ts';
import { askBridge } from './ask-bridge.ts';
import { commandIn, grantIn } from './own-entry.ts';
import { bridgeStart, type StartWorld } from './start.ts';
import { clientsHere, type Chosen, clientWorld, placeIn, type Target, targetAt, type TargetDeps, targetOf } from './targets.ts';

export type CheckDeps = TargetDeps & Pick<Deps, 'grants' | 'store' | 'http' | 'clock' | 'definitions' | 'output'>;

/** One thing that was looked at. `unknown` is nothing wrong: it could not be told, or nobody set it up. */
export interface CheckedPart {
  readonly client: string;
  readonly path: string | null;
  readonly provider: string | null;
  readonly grant: string | null;
  readonly part: 'entry' | 'program' | 'bridge' | 'grant' | 'client';
  readonly state: 'fine' | 'wrong' | 'unknown';
  readonly what: string;
  /** What to do; null where nothing needs to be done. */
  readonly fix: string | null;
}

type Said = Pick<CheckedPart, 'part' | 'state' | 'what' | 'fix'>;

const fine = (part: Said['part'], what: string): Said => ({ part, state: 'fine', what, fix: null });
const wrong = (part: Said['part'], what: string, fix: string): Said => ({ part, state: 'wrong', what, fix });
const unknown = (part: Said['part'], what: string, fix: string | null): Said => ({ part, state: 'unknown', what, fix });

/** A place and the provider whose entry is expected there; `provider` is null for a client that was never set up. */
interface Expected {
  readonly target: Target;
  readonly provider: string;
}

interface CheckWorld {
  readonly start: StartWorld;
  readonly client: ClientWorld;
}

const setUpAgain = ({ target, provider }: Expected): string =>
  `keywright setup --mcp --only ${target.client.id}${target.scope === 'project' ? ' --project' : ''} --provider ${provider}`;

async function checkProgram(command: readonly string[], expected: Expected, { system }: CheckDeps): Promise<Said> {
  for (const path of command.slice(0, 2)) {
    const { kind } = await system.look(path);
    if (kind !== 'file' && kind !== 'link')
      return wrong('program', `The entry starts ${plainText(path)}, which is not there (any more).`, setUpAgain(expected));
  }
  return fine('program', 'Node and keywright are where the entry says.');
}

/**
 * Only the very command that we would write is started: the file may have been changed by anybody, and one of a project by
 * anybody who commits there.
 */
async function checkBridge(command: readonly string[], record: GrantRecord, expected: Expected, world: CheckWorld, deps: CheckDeps): Promise<Said> {
  const own = bridgeStart(expected.provider, record.id, world.start);
  if ([own.command, ...own.args].join('\0') !== command.join('\0'))
    return wrong('bridge', 'The entry starts something else than this keywright would write; it was not started.', setUpAgain(expected));
  const answer = await askBridge(command, deps);
  return answer.kind === 'answers'
    ? fine('bridge', `The bridge answers; the server has ${answer.tools} ${answer.tools === 1 ? 'tool' : 'tools'}.`)
    : wrong('bridge', `The bridge does not answer as it should: ${answer.why}.`, `See: keywright doctor   (or again: ${setUpAgain(expected)})`);
}

/** Asks the server with the key of the grant itself, so that nobody needs to be signed in. */
async function checkGrant(record: GrantRecord, expected: Expected, deps: CheckDeps): Promise<Said> {
  const again = setUpAgain(expected);
  try {
    if (record.expiresAt !== null && Date.parse(record.expiresAt) <= deps.clock.now()) return wrong('grant', `The grant ended at ${record.expiresAt}.`, again);
    const stored = await (await deps.store(record.store)).read({ origin: record.origin, account: grantAccount(record.id) });
    if (stored?.kind !== 'key') return wrong('grant', `The ${record.store} holds no key for the grant.`, again);
    const provider = (await knownProviders(deps)).find(({ id }) => id === record.provider);
    if (provider === undefined) return unknown('grant', `The provider ${plainText(record.provider, 40)} is not known here any more.`, null);
    if ((await proveGrant(record, stored.key, provider, deps.http)) === 'rejected')
      return wrong('grant', 'The server does not accept the key of the grant: it was revoked.', again);
    return fine('grant', `The server accepts the grant${record.expiresAt === null ? '' : `; it ends at ${record.expiresAt}`}.`);
  } catch (thrown) {
    if (!isFailure(thrown) || thrown.code === 'bug' || thrown.code === 'cancelled') throw thrown;
    return unknown('grant', `It could not be told whether the grant still lives: ${thrown.detail}`, thrown.hint ?? null);
  }
}

async function checkClient(target: Target, { children }: CheckDeps): Promise<readonly Said[]> {
  const { program, name } = target.client;
  const file = program?.ask === undefined ? undefined : await children.find(program.name);
  if (program?.ask === undefined || file === undefined) return [];
  const entry = target.at.path.at(-1) ?? '';
  const end = await children.run({ file, args: program.ask.args(entry), limitMs: program.ask.limitMs });
  if (end.kind !== 'ended') return [unknown('client', `${name} could not be asked.`, null)];
  const says = program.ask.read(entry, end);
  switch (says.kind) {
    case 'connected':
      return [fine('client', `${name} says that it is connected.`)];
    case 'known':
      return [fine('client', `${name} knows the entry.`)];
    case 'waits-for-approval':
      return [wrong('client', `${name} waits for your approval of the entry.`, target.client.afterwards(target.scope) ?? `Approve it in ${name}.`)];
    case 'failed':
      return [wrong('client', `${name} could not use the entry: ${plainText(says.why)}`, 'Start the client anew, and run the same command again.')];
    case 'unclear':
      return [unknown('client', `${name} said nothing that could be understood.`, null)];
  }
}

async function checkPlace(expected: Expected, world: CheckWorld, deps: CheckDeps): Promise<readonly CheckedPart[]> {
  const { target, provider } = expected;
  const about = { client: target.client.id, path: target.path, provider };
  const file = await deps.configFiles.read(target.path);
  const found = file.kind === 'there' ? findEntry(file.text, target.at) : file;
  const all = (grant: string | null, parts: readonly Said[]): readonly CheckedPart[] => parts.map((part) => ({ ...about, grant, ...part }));
  if (found.kind === 'unusable' || found.kind === 'untouchable')
    return all(null, [wrong('entry', `The file cannot be read as it is: ${found.why}.`, 'Put the file right, and run the same command again.')]);
  if (found.kind === 'absent') return all(null, [wrong('entry', 'The entry is gone from the file.', setUpAgain(expected))]);
  const id = grantIn(found.value);
  const record = id === undefined ? undefined : await deps.grants.find(id);
  if (record === undefined || record.provider !== provider)
    return all(id ?? null, [wrong('entry', 'The entry names no grant that this machine has for this provider.', setUpAgain(expected))]);
  const command = commandIn(found.value);
  const program = await checkProgram(command, expected, deps);
  const bridge = program.state === 'fine' ? [await checkBridge(command, record, expected, world, deps)] : [];
  return all(record.id, [
    fine('entry', 'The entry is there.'),
    program,
    ...bridge,
    await checkGrant(record, expected, deps),
    ...(await checkClient(target, deps)),
  ]);
}

const notSetUp = (client: Client): CheckedPart => ({
  client: client.id,
  path: null,
  provider: null,
  grant: null,
  ...unknown('entry', `${client.name} is here and has no entry of keywright.`, `keywright setup --mcp --only ${client.id}`),
});

/** The places to look at: where grants are wired, and entries of ours in the files of clients that are here, whoever made them. */
async function expectedPlaces(
  provider: string | undefined,
  chosen: Chosen,
  scopes: ReadonlyArray<Target['scope']>,
  world: CheckWorld,
  deps: CheckDeps,
): Promise<{ readonly places: readonly Expected[]; readonly clients: readonly Client[] }> {
  const here = await clientsHere(chosen, world.client, deps);
  const isChosen = (id: string): boolean => (chosen.only.length === 0 || chosen.only.includes(id)) && !chosen.skip.includes(id);
  const places: Expected[] = [];
  const add = (each: Expected): void => {
    const known = places.some(
      ({ target, provider: other }) => target.path === each.target.path && other === each.provider && target.client === each.target.client,
    );
    if (!known) places.push(each);
  };
  for (const record of await deps.grants.list()) {
    if ((provider ?? record.provider) !== record.provider) continue;
    for (const wired of record.wired.filter(({ client }) => isChosen(client))) {
      const target = targetAt(wired, record.provider, world.client);
      if (target !== undefined) add({ target, provider: record.provider });
    }
  }
  const providers = (await knownProviders(deps)).filter(({ id, mcp }) => mcp !== null && (provider ?? id) === id);
  for (const client of here) {
    for (const scope of scopes) {
      const target = await targetOf(client, scope, '', world.client, deps);
      const file = target === undefined ? undefined : await deps.configFiles.read(target.path);
      if (target === undefined || file?.kind !== 'there') continue;
      for (const { id } of providers) {
        const at = placeIn(client, id);
        if (findEntry(file.text, at).kind === 'there') add({ target: { ...target, at }, provider: id });
      }
    }
  }
  return { places, clients: here.filter((client) => !places.some(({ target }) => target.client === client)) };
}

/** Looks at every entry of ours, from the file to the server. Nothing is changed, and nobody has to be signed in. What is wrong is a part, not a failure. */
export async function checkSetup(provider: string | undefined, chosen: Chosen, scope: 'user' | 'project', deps: CheckDeps): Promise<readonly CheckedPart[]> {
  const client = await clientWorld(deps);
  const world = { client, start: { program: await deps.system.program(), env: deps.env, platform: deps.system.platform } };
  const { places, clients } = await expectedPlaces(provider, chosen, scope === 'project' ? ['user', 'project'] : ['user'], world, deps);
  const parts: CheckedPart[] = [];
  for (const place of places) parts.push(...(await checkPlace(place, world, deps)));
  return [...parts, ...clients.map(notSetUp)];
}
