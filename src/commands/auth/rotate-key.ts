import { listKeys } from '../../api/keys.ts';
import { accessOf } from '../../flows/authority.ts';
import { confirmBinding } from '../../flows/binding-trust.ts';
import { readySinks } from '../../flows/deliver/ready.ts';
import type { SinkFormat } from '../../flows/deliver/sink.ts';
import { resolve, type Resolution } from '../../flows/resolve.ts';
import { type BatchOutcome, checkDistinct, oldKeys, rotateMany, sinkFor } from '../../flows/rotate/batch.ts';
import { checkRotates, keyToRotate, rotateKey as rotateOne } from '../../flows/rotate/begin.ts';
import { checkSameOrigin, findRotation, resumeRotation, rollBack } from '../../flows/rotate/come-back.ts';
import type { Advanced } from '../../flows/rotate/steps.ts';
import { type RotationWork, shownRotation, type ShownRotation } from '../../flows/rotate/work.ts';
import { chosenStore } from '../../flows/stored.ts';
import type { Access } from '../../api/access.ts';
import type { ApiKey } from '../../model/api-key.ts';
import type { Deps } from '../../model/deps.ts';
import { parseDuration } from '../../model/duration.ts';
import { Failure } from '../../model/failure.ts';
import type { RotationRecord } from '../../model/rotation.ts';
import { plainText } from '../../render/plain-text.ts';
import { relativeTime } from '../../render/time.ts';
import { command, type Invocation, type OptionsOf, type Screen } from '../command.ts';

const FORMATS: readonly SinkFormat[] = ['raw', 'env', 'json'];

const flags = {
  to: { takes: 'sink', many: true, about: 'Where the new key goes: stdout, file:PATH, env-file:PATH#NAME, clipboard, github-env:NAME, github-secret:NAME[@owner/repo], gitlab-var:NAME, exec:CMD' },
  format: { takes: 'format', choices: FORMATS, about: 'How the key is written: raw, env or json' },
  grace: { takes: 'time', about: 'How long the old key lives on after delivery; 24h unless it is said' },
  now: { about: 'Revoke the old key at once' },
  olderThan: { takes: 'time', about: 'Rotate every key that was made this long ago or before' },
  dryRun: { about: 'Only show which keys would be rotated' },
  yes: { about: 'Do not ask before many keys are rotated' },
  resume: { about: 'Go on with a rotation that is not finished' },
  rollback: { about: 'Undo a rotation that is not finished' },
} as const;

const args = [{ name: 'id', about: 'The id of the key; with --resume or --rollback that of the rotation, which can be left out where there is one', required: false }] as const;

type RotateInvocation = Invocation<OptionsOf<typeof flags>, { readonly id: string | undefined }>;

const DEFAULT_GRACE = '24h';

type Result =
  | { readonly kind: 'one'; readonly rotation: ShownRotation; readonly printed: 'key' | 'nothing'; readonly variable: string | null }
  | { readonly kind: 'rolled-back'; readonly rotation: ShownRotation }
  | { readonly kind: 'plan'; readonly keys: readonly ApiKey[] }
  | { readonly kind: 'many'; readonly outcomes: readonly BatchOutcome[]; readonly left: number; readonly printed: 'key' | 'nothing' };

function checkTogether({ options, args: words }: RotateInvocation): void {
  const { resume, rollback, now, grace, olderThan, to, dryRun } = options;
  const excluded = (one: string, other: string): Failure => new Failure('usage', { detail: `${one} and ${other} exclude each other.`, hint: 'Give one of them.' });
  if (resume && rollback) throw excluded('--resume', '--rollback');
  if (now && grace !== undefined) throw excluded('--now', '--grace');
  if (olderThan !== undefined && words.id !== undefined) throw excluded('--older-than', 'an id');
  if (resume || rollback) {
    if (to.length > 0 || grace !== undefined || olderThan !== undefined || dryRun)
      throw new Failure('usage', { detail: 'A rotation goes on as it was begun, and takes no other flags than --now.', hint: 'Give --resume or --rollback alone.' });
  } else if (words.id === undefined && olderThan === undefined) {
    throw new Failure('needs-answer', { detail: 'It was not said which key to rotate.', hint: 'Name its id, or give --older-than 90d. See: keywright auth list-keys' });
  }
  if (dryRun && olderThan === undefined) throw new Failure('usage', { detail: '--dry-run belongs to --older-than.', hint: 'Such as: --older-than 90d --dry-run' });
}

function checkedFormat(format: string | undefined): SinkFormat | undefined {
  const found = FORMATS.find((known) => known === format);
  if (format === undefined || found !== undefined) return found;
  throw new Failure('usage', { detail: `There is no format "${plainText(format, 40)}".`, hint: `The formats are: ${FORMATS.join(', ')}.` });
}

function graceOf(text: string | undefined): number {
  return text === '0' ? 0 : parseDuration(text ?? DEFAULT_GRACE, '--grace');
}

/** What every rotation of a command shares; the access is asked for once. */
function common(resolution: Resolution, store: RotationRecord['store'], deps: Deps): Omit<RotationWork, 'sinks' | 'notes'> & { readonly notes: () => Promise<RotationWork['notes']> } {
  const { source, target } = resolution;
  let access: Promise<Access> | undefined;
  return {
    access: () => (access ??= accessOf(resolution, deps)),
    place: source.kind === 'stored' ? { target, address: source.address, record: source.record } : null,
    notes: () => deps.notes(store),
    deps,
  };
}

/** Beside the credential itself; with a key in a variable where a sign-in would go. */
function storeFor({ source }: Resolution, deps: Deps): RotationRecord['store'] {
  return (source.kind === 'stored' ? source.record?.store : undefined) ?? chosenStore(undefined, deps.env);
}

function resultOf({ kind, record }: Advanced, resolution: Resolution, printed: 'key' | 'nothing'): Result {
  const rotation = shownRotation(record, kind === 'done' ? 'done' : record.step);
  return { kind: 'one', rotation, printed, variable: resolution.source.kind === 'variable' && record.self !== 'no' ? resolution.source.name : null };
}

const takesStdout = (sinks: readonly string[]): 'key' | 'nothing' => (sinks.length === 0 || sinks.includes('stdout') ? 'key' : 'nothing');

async function comeBack(invocation: RotateInvocation, deps: Deps): Promise<Result> {
  const { options, args: words, choice, json } = invocation;
  const record = await findRotation(words.id, deps);
  const resolution = await resolve({ provider: choice.provider ?? record.provider, account: choice.account ?? record.account ?? undefined }, deps);
  checkSameOrigin(record, resolution.target.origin);
  await confirmBinding(resolution.binding, options.rollback ? 'undo a rotation' : 'finish a rotation', deps);
  const open = record.sinks.filter((name) => !record.delivered.some((entry) => entry.sink === name && entry.state === 'took'));
  const runs = open.filter((name) => name.startsWith('exec:'));
  if (options.resume && runs.length > 0) {
    const shown = runs.map((name) => plainText(name, 200)).join(', ');
    if (!deps.prompt.canAsk && !options.yes) throw new Failure('needs-answer', { detail: `Going on runs a program again: ${shown}`, hint: 'Give --yes if that may be.' });
    deps.output.note(`Going on runs: ${shown}`);
    if (!options.yes && !(await deps.prompt.confirm('Run it with the new key?', deps.interrupted))) throw new Failure('cancelled', { detail: 'Nothing was run.' });
  }
  const { notes, ...rest } = common(resolution, record.store, deps);
  const needed = options.rollback ? record.delivered.filter(({ saved, sink }) => saved !== null && record.sinks.includes(sink)).map(({ sink }) => sink) : open;
  const sinks = needed.length === 0 ? [] : await readySinks(needed, checkedFormat(options.format), deps, { json });
  const work = { ...rest, sinks, notes: await notes() };
  if (options.rollback) return { kind: 'rolled-back', rotation: shownRotation(await rollBack(record, work), 'done') };
  return resultOf(await resumeRotation(record, options.now ? 'now' : 'after-grace', work), resolution, open.includes('stdout') ? 'key' : 'nothing');
}

async function confirmMany(keys: readonly ApiKey[], { options }: RotateInvocation, deps: Deps): Promise<void> {
  for (const key of keys) deps.output.note(`  ${key.id}  ${plainText(key.name ?? '', 60)}  made ${relativeTime(key.createdAt, deps.clock.now())}, last used ${relativeTime(key.lastUsedAt, deps.clock.now())}`);
  if (options.yes) return;
  const many = `${keys.length} ${keys.length === 1 ? 'key' : 'keys'}`;
  if (!deps.prompt.canAsk) throw new Failure('needs-answer', { detail: `${many} would be rotated, and nobody can be asked.`, hint: 'Give --yes, or --dry-run to see them.' });
  if (!(await deps.prompt.confirm(`Rotate ${many}?`, deps.interrupted))) throw new Failure('cancelled', { detail: 'Nothing was rotated.' });
}

async function rotateOld(invocation: RotateInvocation, resolution: Resolution, deps: Deps): Promise<Result> {
  const { options, json } = invocation;
  const { notes, ...rest } = common(resolution, storeFor(resolution, deps), deps);
  const access = await rest.access();
  checkRotates(access);
  const busy = new Set((await deps.rotations.list()).flatMap(({ old, successor }) => [old.id, ...(successor.id === null ? [] : [successor.id])]));
  const keys = oldKeys(await listKeys(access), parseDuration(options.olderThan ?? '', '--older-than'), deps.clock.now(), busy);
  if (options.dryRun) return { kind: 'plan', keys };
  checkDistinct(options.to, keys);
  const printed = takesStdout(options.to);
  if (keys.length > 1 && printed === 'key' && options.format === undefined && !json) {
    throw new Failure('usage', {
      detail: 'Several keys on one stream could not be told apart.',
      hint: 'Give --format json for a line each with its id, or a sink with {name} in it, such as --to "file:keys/{name}.key".',
    });
  }
  if (keys.length > 0) await confirmMany(keys, invocation, deps);
  const format = checkedFormat(options.format);
  const kept = keys.length === 0 ? undefined : await notes();
  const workFor = async (key: ApiKey): Promise<RotationWork> => {
    if (kept === undefined) throw new Failure('bug', { detail: 'There is nothing to rotate.' });
    const sinks = await readySinks(options.to.map((name) => sinkFor(name, key)), format, deps, { json });
    return { ...rest, sinks, notes: kept };
  };
  const outcomes = await rotateMany(keys, { grace: graceOf(options.grace) }, options.now ? 'now' : 'after-grace', workFor, (outcome) => deps.output.note(outcomeLine(outcome)), deps.interrupted);
  return { kind: 'many', outcomes, left: keys.length - outcomes.length, printed };
}

async function run(invocation: RotateInvocation, deps: Deps): Promise<Result> {
  checkTogether(invocation);
  const { options, args: words, choice, json } = invocation;
  if (options.resume || options.rollback) return comeBack(invocation, deps);
  const grace = graceOf(options.grace);
  const resolution = await resolve(choice, deps);
  await confirmBinding(resolution.binding, 'rotate keys', deps);
  if (words.id === undefined) return rotateOld(invocation, resolution, deps);
  const sinks = await readySinks(options.to, checkedFormat(options.format), deps, { json });
  const { notes, ...rest } = common(resolution, storeFor(resolution, deps), deps);
  const access = await rest.access();
  checkRotates(access);
  const key = await keyToRotate(words.id, access);
  const done = await rotateOne(key, { grace }, options.now || grace === 0 ? 'now' : 'after-grace', { ...rest, sinks, notes: await notes() });
  return resultOf(done, resolution, takesStdout(options.to));
}

function outcomeLine(outcome: BatchOutcome): string {
  if (outcome.kind === 'failed') return `failed ${outcome.oldId}: ${plainText(outcome.why, 400)}`;
  const { newId, revokeAt } = outcome.rotation;
  return outcome.kind === 'rotated' ? `rotated ${outcome.oldId} to ${newId ?? ''}` : `rotated ${outcome.oldId} to ${newId ?? ''}; the old key lives until ${revokeAt ?? ''}`;
}

function summary(outcomes: readonly BatchOutcome[], left: number): string {
  const count = (kind: BatchOutcome['kind']): number => outcomes.filter((outcome) => outcome.kind === kind).length;
  return `rotated ${count('rotated')}, waiting for their grace period ${count('waiting')}, failed ${count('failed')}${left === 0 ? '' : `, not begun ${left}`}`;
}

function text(result: Result, screen: Screen): string {
  switch (result.kind) {
    case 'one':
      return '';
    case 'rolled-back':
      return `rolled back ${result.rotation.oldId}\n`;
    case 'plan':
      return result.keys.map((key) => `${key.id}\t${plainText(key.name ?? '-')}\t${screen.terminal ? relativeTime(key.createdAt, screen.now) : (key.createdAt ?? '-')}\n`).join('');
    case 'many':
      return result.printed === 'key' ? '' : result.outcomes.map((outcome) => `${outcomeLine(outcome)}\n`).join('');
  }
}

function notes(result: Result): readonly string[] {
  if (result.kind === 'many') return [summary(result.outcomes, result.left)];
  if (result.kind === 'plan') return result.keys.length === 0 ? ['No key is that old.'] : [];
  if (result.kind === 'rolled-back') return ['The successor was revoked, and what took it was given back what it held.'];
  const { oldId, newId, newName, revokeAt, next, step } = result.rotation;
  const variable = result.variable === null ? [] : [`${result.variable} may hold the old key: set it to the new one before the old one ends.`];
  if (step === 'done') return [`The key ${oldId} was rotated: its successor is ${newId ?? ''} (${plainText(newName)}), and it is revoked.`, ...variable];
  return [
    `The successor of ${oldId} is ${newId ?? ''} (${plainText(newName)}). The old key lives until ${revokeAt ?? ''}; then revoke it with: ${next ?? ''}`,
    ...variable,
  ];
}

function verdict(result: Result): Failure | undefined {
  if (result.kind !== 'many') return undefined;
  const failed = result.outcomes.filter((outcome) => outcome.kind === 'failed');
  if (failed.length === 0 && result.left === 0) return undefined;
  const next = failed.flatMap((outcome) => (outcome.next === null ? [] : [outcome.next]));
  return new Failure('partly-done', {
    detail: summary(result.outcomes, result.left),
    hint: next.length === 0 ? 'Run the same command again for the rest.' : `Finish what was begun: ${next.join(' ; ')}`,
    data: { results: result.outcomes },
  });
}

/** `auth rotate-key`: a successor with the same rights is made, proved and delivered before the old key ends. */
export const rotateKey = command({
  path: ['auth', 'rotate-key'],
  group: 'Keys',
  summary: 'Replace a key by a new one with the same rights, without a gap',
  args,
  flags,
  examples: [
    ['keywright auth rotate-key key_1 --to env-file:.env#MEMAX_API_KEY', 'the new key goes into a file; the old one lives for another day'],
    ['keywright auth rotate-key key_1 --now > new-key.txt', 'the old key ends at once'],
    ['keywright auth rotate-key --older-than 90d --to "github-secret:{NAME}" --yes', 'every key that is three months old'],
    ['keywright auth rotate-key --resume', 'revoke the old key after its time, or go on after a failure'],
  ],
  run,
  text,
  notes: (result) => notes(result),
  json: (result) => {
    if (result.kind === 'one') return result.printed === 'key' ? undefined : result.rotation;
    if (result.kind === 'rolled-back') return result.rotation;
    if (result.kind === 'plan') return result.keys;
    return result.printed === 'key' ? undefined : result.outcomes;
  },
  verdict,
});

