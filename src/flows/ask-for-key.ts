import type { Deps } from '../model/deps.ts';
import { parseExpiry } from '../model/duration.ts';
import { failedWith } from '../model/failure.ts';
import type { Choice } from '../model/prompt.ts';
import type { KeyTakes, Provider } from '../providers/provider.ts';
import { plainText } from '../render/plain-text.ts';
import { type KeyWishes, NEVER } from './key-request.ts';

type AskDeps = Pick<Deps, 'prompt' | 'output' | 'clock' | 'interrupted'>;

/** Where the person wants a time that is not on the list. */
const ANOTHER = 'another';

/** From a week, for a try, to a year, after which nobody knows any more what the key was for. */
const LIVES: ReadonlyArray<Choice<string>> = [
  { name: 'in 7 days', value: '7d' },
  { name: 'in 30 days', value: '30d' },
  { name: 'in 90 days', value: '90d', usual: true },
  { name: 'in a year', value: '1y' },
  { name: 'at another time', value: ANOTHER },
  { name: 'never', value: NEVER, about: 'somebody has to rotate or revoke it in time' },
];

async function askForName({ prompt, output, interrupted }: AskDeps): Promise<string> {
  for (;;) {
    const name = (await prompt.text('What shall the key be called?', interrupted)).trim();
    if (name !== '') return name;
    output.warn('The key needs a name, such as ci-deploy.');
  }
}

async function askForEnd({ prompt, output, clock, interrupted }: AskDeps): Promise<string> {
  const chosen = await prompt.choose('When shall the key end?', LIVES, interrupted);
  if (chosen !== ANOTHER) return chosen;
  for (;;) {
    const typed = (await prompt.text('After what time, such as 12h or 45d, or on which date, such as 2027-01-31?', interrupted)).trim();
    try {
      parseExpiry(typed, 'The end', clock.now());
      return typed;
    } catch (thrown) {
      if (!failedWith(thrown, 'usage')) throw thrown;
      output.warn(`${plainText(thrown.detail)} ${thrown.hint ?? ''}`);
    }
  }
}

/** `usual` stand chosen at first. */
export function askForScopes(question: string, scopes: NonNullable<KeyTakes['scopes']>, usual: readonly string[], deps: AskDeps): Promise<readonly string[]> {
  const choices = scopes.map(({ scope, allows }): Choice<string> => ({
    name: plainText(scope, 60),
    value: scope,
    ...(allows === null ? {} : { about: plainText(allows, 100) }),
    ...(usual.includes(scope) ? { usual: true } : {}),
  }));
  return deps.prompt.chooseMany(question, choices, deps.interrupted);
}

async function askUntilEnough(takes: KeyTakes, name: string, deps: AskDeps): Promise<readonly string[]> {
  const needed = takes.scope === 'required';
  const question = needed ? 'What may the key do?' : `What may the key do? With nothing chosen it gets what ${name} usually gives.`;
  for (;;) {
    const chosen = await askForScopes(question, takes.scopes ?? [], [], deps);
    if (chosen.length > 0 || !needed) return chosen;
    deps.output.warn(`A key of ${name} needs at least one scope.`);
  }
}

/**
 * Asks for what was not said about a new key and what the provider has a word for: its name, its scopes, its end. Every answer has a flag.
 * Without scopes the provider decides, as it does where nobody is asked.
 */
export async function askForKey(wishes: KeyWishes, { name, keys }: Provider, deps: AskDeps): Promise<KeyWishes> {
  const takes = keys.create?.takes;
  if (takes === undefined) return wishes;
  const asked = wishes.name === undefined && takes.name === 'required' ? await askForName(deps) : wishes.name;
  const open = takes.scopes !== null && takes.scopes.length > 0 && wishes.scopes.length === 0 && !wishes.readOnly;
  const scopes = open ? await askUntilEnough(takes, name, deps) : wishes.scopes;
  const expires = takes.expiry === 'none' ? wishes.expires : (wishes.expires ?? (await askForEnd(deps)));
  return { ...wishes, name: asked, scopes, expires };
}
