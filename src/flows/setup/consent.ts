import type { Deps } from '../../model/deps.ts';
import { Failure } from '../../model/failure.ts';
import { rfc3339 } from '../../render/time.ts';
import { plainText } from '../../render/plain-text.ts';
import type { Planned, PlanWorld } from './plan.ts';

const PATH_MAX = 400;

export type ConsentDeps = Pick<Deps, 'prompt' | 'output' | 'interrupted' | 'system'>;

/** Whether a step makes a grant. */
export const makesGrant = ({ step }: Planned): boolean => (step.kind === 'add' || step.kind === 'replace') && step.grant === null;

/** Whether anything is to be done for a client. */
export const isWork = ({ step }: Planned): boolean => step.kind === 'add' || step.kind === 'replace';

function stepWords({ target, step, text }: Planned): string {
  switch (step.kind) {
    case 'keep':
      return 'stays as it is';
    case 'add':
      return `gets the entry "${target.at.path.at(-1)}"${text === undefined ? '; the file is made' : ''}${step.grant === null ? '' : `, with the grant ${step.grant.id} that waits for it`}`;
    case 'replace':
      return `gets the entry "${target.at.path.at(-1)}" anew, since ${plainText(step.why)}${step.grant === null ? '' : '; the grant stays'}`;
    case 'refuse':
      return `is left alone: ${plainText(step.why)}. To paste it yourself: keywright setup --mcp --print --only ${target.client.id}`;
  }
}

/** The plan in words, a line for each client, and what the new grants will be. */
export function planLines(plan: readonly Planned[], { api, terms }: PlanWorld): readonly string[] {
  const made = plan.filter(makesGrant).length;
  const end = terms.expiresAt === null ? 'without an end' : `until ${rfc3339(terms.expiresAt)}`;
  return [
    ...plan.map((each) => `${each.target.client.name}: ${plainText(each.target.path, PATH_MAX)} ${stepWords(each)}`),
    ...(made === 0
      ? []
      : [
          `${made === 1 ? 'One grant is' : `${made} grants are`} made at ${api.provider.name} for ${plainText(terms.device)}, ${end}; scopes: ${plainText(terms.scopes.join(', ')) || 'all that a key may'}.`,
        ]),
    ...plan.flatMap(({ target, plain }) =>
      plain.map(
        ({ name, begins }) =>
          `${target.client.name}: the entry "${plainText(name, 60)}" of the same file holds a key in plain text (it begins with ${begins}).`,
      ),
    ),
  ];
}

/** Clients get no variables of ours: a store that only a variable or a person opens stays closed to the bridge. */
export async function warnOfClosedStore({ terms }: PlanWorld, { system, output }: ConsentDeps): Promise<void> {
  if (terms.store !== 'file') return;
  const { keySource } = await system.fileStore();
  if (keySource === null || /[\\/]/.test(keySource)) return;
  output.warn(
    `The grants lie in the encrypted file, which ${keySource === 'typed' ? 'a typed passphrase' : `the variable ${plainText(keySource, 60)}`} opens; clients that do not hand that on cannot use them. A key file opens it for all.`,
  );
}

/** Asks whether the plan is meant; with `yes` nobody is asked. Nobody to ask is `needs-answer`, a no is `cancelled`; nothing was done then. */
export async function confirmSetup(lines: readonly string[], work: string, yes: boolean, deps: ConsentDeps): Promise<void> {
  const asks = !yes && deps.prompt.canAsk;
  // Nobody can answer a question whose object is not shown, whatever else shall be quiet.
  for (const line of lines) {
    if (asks) deps.output.must(line);
    else deps.output.note(line);
  }
  if (yes) return;
  if (!asks) {
    throw new Failure('needs-answer', {
      detail: `Nobody can be asked whether to ${work}. Nothing was done.`,
      hint: 'Give --yes to do it, or --dry-run to see every change first.',
    });
  }
  if (await deps.prompt.confirm(`Do you want to ${work}?`, deps.interrupted)) return;
  throw new Failure('cancelled', { detail: 'You did not want it. Nothing was done.' });
}

/**
 * Which entries with a key in plain text go: all of them with `--replace-plain-keys`, else what a person says to that question. It is
 * another one than whether the plan is meant, so `--yes` does not answer it.
 */
export async function plainKeysToGo(
  plan: readonly Planned[],
  { flag, yes }: { readonly flag: boolean; readonly yes: boolean },
  deps: ConsentDeps,
): Promise<(planned: Planned) => readonly string[]> {
  const names = ({ step, plain }: Planned): readonly string[] => (step.kind === 'refuse' ? [] : plain.map(({ name }) => name));
  const all = plan.flatMap((planned) => names(planned));
  if (all.length === 0) return () => [];
  if (flag) return names;
  if (!yes && deps.prompt.canAsk) {
    const many = all.length === 1 ? 'the entry that holds a key' : `the ${all.length} entries that hold a key`;
    if (await deps.prompt.confirm(`Do you want to take out ${many} in plain text?`, deps.interrupted)) return names;
  } else deps.output.warn('Entries with a key in plain text stay; give --replace-plain-keys to take them out.');
  return () => [];
}
