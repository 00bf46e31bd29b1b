import type { Deps } from '../model/deps.ts';
import { Failure } from '../model/failure.ts';
import { plainText } from '../render/plain-text.ts';
import type { BindingEffect } from './decision/decide.ts';

const TRUST = 'To trust this binding, run in its folder: keywright use --here';

const inFull = ({ binding, leadsTo, insteadOf }: Extract<BindingEffect, { kind: 'untrusted' }>): string =>
  `The directory binding ${plainText(binding.path)} leads to ${leadsTo}${insteadOf === null ? ', which you did not choose yourself' : `, not to ${insteadOf}`}`;

/** The line that tells of a binding that the person did not vouch for; undefined where there is nothing to tell. */
export function announcement(effect: BindingEffect): string | undefined {
  if (effect.kind !== 'untrusted') return undefined;
  return `${inFull(effect)}.`;
}

/**
 * Asks before something that cannot be taken back is done with a credential that a folder chose and the person did not.
 * `action` completes "Do you want to ...". Nobody to ask is `needs-answer`, a no is `cancelled`. The line that
 * tells what the binding does was said when the credential was chosen.
 */
export async function confirmBinding(effect: BindingEffect, action: string, deps: Pick<Deps, 'prompt' | 'interrupted'>): Promise<void> {
  if (effect.kind !== 'untrusted') return;
  if (!deps.prompt.canAsk) {
    throw new Failure('needs-answer', {
      detail: `${inFull(effect)}, and nobody can be asked whether to ${action} there.`,
      hint: `${TRUST}   (or name the account: --account <name>)`,
    });
  }
  if (await deps.prompt.confirm(`Do you want to ${action} with ${effect.leadsTo}?`, deps.interrupted)) return;
  throw new Failure('cancelled', { detail: `You did not want to ${action} with ${effect.leadsTo}. Nothing was done.`, hint: TRUST });
}
