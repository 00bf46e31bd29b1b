import { confirmBinding } from '../../flows/binding-trust.ts';
import { checkedFormat, FORMATS } from '../../flows/deliver/formats.ts';
import { FILE_SINKS, SINK_WORDS } from '../../flows/deliver/names.ts';
import { readySinks } from '../../flows/deliver/ready.ts';
import { learningAccessOf } from '../../flows/known-keys.ts';
import { resolve } from '../../flows/resolve.ts';
import { checkTogether, goesIntoStore, graceOf } from '../../flows/rotate/asked.ts';
import { type BatchOutcome, sinkFor } from '../../flows/rotate/batch.ts';
import { checkRotates, keyToRotate, rotateKey as rotateOne } from '../../flows/rotate/begin.ts';
import { findRotation } from '../../flows/rotate/come-back.ts';
import { type Forgotten, forgetRotation } from '../../flows/rotate/forget.ts';
import { goBack, goOn, goOnWithAll } from '../../flows/rotate/going-on.ts';
import { thenSweepNotes, warnOfUnreadable } from '../../flows/rotate/left-over.ts';
import { rotateGrant } from '../../flows/rotate/of-grant.ts';
import { rotateOld } from '../../flows/rotate/old-keys.ts';
import { oneOf, type RotatedOne, storeFor, workOf } from '../../flows/rotate/one.ts';
import { batchVerdict, notAllYet, notYet, outcomeLine, rotationLines, summary } from '../../flows/rotate/words.ts';
import type { ShownRotation } from '../../flows/rotate/work.ts';
import type { ApiKey } from '../../model/api-key.ts';
import type { Deps } from '../../model/deps.ts';
import { parseDuration } from '../../model/duration.ts';
import type { Failure } from '../../model/failure.ts';
import { ACCESS } from '../../model/failure-sets.ts';
import { decisionTable } from '../../render/keys.ts';
import { plainText } from '../../render/plain-text.ts';
import { command, type Invocation, type OptionsOf, type Screen } from '../command.ts';

const flags = {
  grant: { takes: 'id', completes: 'grants', about: 'Rotate the key of this grant, into its entry in the store; its id stays' },
  to: {
    takes: 'sink',
    many: true,
    choices: SINK_WORDS,
    path: FILE_SINKS,
    about: 'Where the new key goes instead of stdout, such as env-file:.env#NAME; {name} and {NAME} in it stand for the name of the key',
  },
  format: { takes: 'format', choices: FORMATS, about: 'How stdout or a file gets it: raw, env (a line for a shell) or json' },
  grace: { takes: 'time', about: 'How long the old key lives on after delivery; 24h unless it is said' },
  now: { about: 'Revoke the old key at once' },
  olderThan: { takes: 'time', about: 'Rotate every key that was made this long ago or before' },
  dryRun: { about: 'Only show which keys would be rotated' },
  yes: { about: 'Do not ask before many keys are rotated, a program is run again or a rotation is forgotten' },
  resume: { about: 'Go on with a rotation that is not finished' },
  all: { about: 'With --resume: go on with every one of them' },
  rollback: { about: 'Undo a rotation that is not finished' },
  forget: { about: 'Give up a rotation that can be neither finished nor undone: only its record goes' },
} as const;

const args = [
  {
    name: 'id',
    about: 'The id of the key; with --resume, --rollback or --forget that of the rotation, which can be left out where there is one',
    required: false,
    completes: 'key-ids',
  },
] as const;

type RotateInvocation = Invocation<OptionsOf<typeof flags>, { readonly id: string | undefined }>;

type Result =
  | (RotatedOne & { readonly kind: 'one'; readonly verdict: Failure | undefined })
  | { readonly kind: 'rolled-back'; readonly rotation: ShownRotation }
  | { readonly kind: 'forgotten'; readonly forgotten: Forgotten }
  | { readonly kind: 'plan'; readonly keys: readonly ApiKey[] }
  | { readonly kind: 'begun' | 'resumed'; readonly outcomes: readonly BatchOutcome[]; readonly left: number; readonly printed: boolean };

async function comeBack({ options, args: words, choice, json }: RotateInvocation, deps: Deps): Promise<Result> {
  const back = { choice, json, now: options.now, yes: options.yes };
  if (options.all) {
    await warnOfUnreadable(deps);
    return { kind: 'resumed', ...(await goOnWithAll(back, deps)), printed: false };
  }
  const record = await findRotation(words.id ?? options.grant, deps);
  if (options.rollback) return { kind: 'rolled-back', rotation: await goBack(record, back, deps) };
  const one = await goOn(record, back, deps);
  // Only a rotation that is over ends well: a script that waits for it can tell.
  return { kind: 'one', ...one, verdict: one.rotation.step === 'done' ? undefined : notYet(one.rotation) };
}

async function begin(invocation: RotateInvocation, deps: Deps): Promise<Result> {
  const { options, args: words, choice, json } = invocation;
  const wish = { grace: graceOf(options), format: checkedFormat(options.format) };
  if (options.grant !== undefined) {
    const back = { choice, json, now: options.now, yes: options.yes };
    return { kind: 'one', ...(await rotateGrant(options.grant, wish, back, deps)), verdict: undefined };
  }
  const resolution = await resolve(choice, deps);
  checkRotates(resolution);
  await confirmBinding(resolution.binding, 'rotate keys', deps);
  if (words.id === undefined) {
    const { olderThan = '', to, dryRun, yes } = options;
    return rotateOld({ ...wish, olderThan: parseDuration(olderThan, '--older-than'), to, dryRun, yes, json }, resolution, deps);
  }
  const chosen = await keyToRotate(words.id, await learningAccessOf(resolution, deps), deps);
  const { grant } = chosen;
  if (grant !== null) {
    if (options.to.length > 0 || wish.format !== undefined) throw goesIntoStore(`The grant ${grant.id} stands on the key ${grant.keyId}, which`);
    return { kind: 'one', ...oneOf(await rotateOne(chosen, wish, await workOf(resolution, grant.store, [], deps)), resolution, []), verdict: undefined };
  }
  const sinks = await readySinks(
    options.to.map((name) => sinkFor(name, chosen.key)),
    wish.format,
    deps,
    { json },
  );
  const advanced = await rotateOne(chosen, wish, await workOf(resolution, storeFor(resolution, deps), sinks, deps));
  return { kind: 'one', ...oneOf(advanced, resolution, sinks), verdict: undefined };
}

async function run(invocation: RotateInvocation, deps: Deps): Promise<Result> {
  const { options, args: words } = invocation;
  checkTogether({ ...options, id: words.id });
  return thenSweepNotes(deps, async (): Promise<Result> => {
    if (options.forget) return { kind: 'forgotten', forgotten: await forgetRotation(words.id ?? options.grant, options, deps) };
    return options.resume || options.rollback ? comeBack(invocation, deps) : begin(invocation, deps);
  });
}

function notes(result: Result, terminal: boolean): readonly string[] {
  switch (result.kind) {
    case 'begun':
    case 'resumed':
      if (result.outcomes.length + result.left > 0) return [summary(result.outcomes, result.left)];
      return [result.kind === 'begun' ? 'No key is that old.' : 'No rotation is under way here.'];
    case 'plan':
      return result.keys.length === 0 ? ['No key is that old.'] : [];
    case 'rolled-back':
      return ['The successor was revoked, and what had taken it holds again what it held.'];
    case 'forgotten':
      return [];
    case 'one':
      return [
        ...(result.verdict === undefined ? rotationLines(result.rotation, result.variable) : []),
        ...(terminal && result.printed ? ['The key is shown this once and cannot be shown again. Keep it now.'] : []),
      ];
  }
}

function text(result: Result, { now, terminal, columns }: Screen): string {
  switch (result.kind) {
    case 'one':
      return '';
    case 'rolled-back':
      return `rolled back ${result.rotation.oldId}\n`;
    case 'forgotten':
      return `forgot ${plainText(result.forgotten.id)}\n`;
    case 'plan':
      if (terminal && result.keys.length > 0)
        return `${decisionTable(
          result.keys.map((key) => ({ ...key, marks: [] })),
          now,
          columns?.(),
        ).join('\n')}\n`;
      return result.keys.map((key) => `${key.id}\t${plainText(key.name ?? '')}\t${key.createdAt ?? ''}\n`).join('');
    case 'begun':
    case 'resumed':
      return result.printed ? '' : result.outcomes.map((outcome) => `${outcomeLine(outcome)}\n`).join('');
  }
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
    ['keywright auth rotate-key --grant Zk3mQx81TfPa --now', 'the key of a grant; whoever uses it goes on with the new one'],
    ['keywright auth rotate-key --resume', 'revoke the old key after its time, or go on after a failure'],
  ],
  failures: {
    ...ACCESS,
    'not-found': 'There is no such key, grant or rotation, or a program that a sink needs',
    refused: 'The provider refused, a sink could not take the key, or it cannot be undone any more',
    'partly-done': 'Of several keys, not all could be rotated',
    'rotation-unfinished': 'The old key still works, by its grace or after a failure; the hint is the command to go on',
  },
  run,
  text,
  notes: (result, screen) => notes(result, screen.terminal),
  json: (result) => {
    if (result.kind === 'one') return result.printed ? undefined : result.rotation;
    if (result.kind === 'rolled-back') return result.rotation;
    if (result.kind === 'forgotten') return result.forgotten;
    if (result.kind === 'plan') return result.keys;
    return result.printed ? undefined : result.outcomes;
  },
  verdict: (result) => {
    if (result.kind === 'one') return result.verdict;
    if (result.kind === 'begun') return batchVerdict(result.outcomes, result.left);
    return result.kind === 'resumed' ? (batchVerdict(result.outcomes, result.left) ?? notAllYet(result.outcomes)) : undefined;
  },
});
