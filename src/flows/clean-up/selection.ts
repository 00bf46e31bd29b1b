import { parseDuration } from '../../model/duration.ts';
import { Failure } from '../../model/failure.ts';
import type { Provider } from '../../providers/provider.ts';
import { expired, expiringWithin, type KeyTest, type Look, staleFor } from './age.ts';
import { globMatcher } from './glob.ts';

/** The flags that choose keys, as they were typed. */
export interface SelectionWords {
  readonly stale?: string | undefined;
  readonly expiring?: string | undefined;
  readonly expired: boolean;
  readonly agent: string | undefined;
  readonly name: string | undefined;
}

/** Which keys are meant: those that pass every test at the look that is taken. Without a test it is all of them. */
export interface Selection {
  readonly kind: 'all' | 'some';
  readonly at: (look: Look) => KeyTest;
  /** The flags that say the same on a command line. */
  readonly words: readonly string[];
}

/** For a shell of POSIX: as it is where that is safe, else in single quotes. */
function quoted(word: string): string {
  return /^[A-Za-z0-9_.,:=@%+/-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** A command line of ours that can be copied into a shell, for the provider and account that were named. */
export function commandLine(
  words: readonly string[],
  { provider, account }: { readonly provider: string | undefined; readonly account: string | undefined },
): string {
  const named = [...(provider === undefined ? [] : ['--provider', provider]), ...(account === undefined ? [] : ['--account', account])];
  return ['keywright', ...words, ...named].map(quoted).join(' ');
}

/** An empty value is most often a variable that is not set; taken at its word it would choose keys that nobody meant. */
function notEmpty(value: string | undefined, flag: string): string | undefined {
  if (value?.trim() === '') throw new Failure('usage', { detail: `${flag} has no value.`, hint: `Give one, or leave ${flag} out.` });
  return value;
}

/** Reads the flags. `usage` where one cannot be understood, or two can never both be true. */
export function readSelection(typed: SelectionWords): Selection {
  const stale = notEmpty(typed.stale, '--stale');
  const expiring = notEmpty(typed.expiring, '--expiring');
  const agent = notEmpty(typed.agent, '--agent');
  const name = notEmpty(typed.name, '--name');
  if (expiring !== undefined && typed.expired) {
    throw new Failure('usage', { detail: '--expiring and --expired exclude each other.', hint: 'A key that has expired expires no more. Give one of them.' });
  }
  const tests: Array<(look: Look) => KeyTest> = [];
  const words: string[] = [];
  const add = (test: (look: Look) => KeyTest, ...said: string[]): void => {
    tests.push(test);
    words.push(...said);
  };
  if (stale !== undefined) {
    const span = parseDuration(stale, '--stale');
    add((look) => staleFor(span, look), '--stale', stale.trim());
  }
  if (expiring !== undefined) {
    const span = parseDuration(expiring, '--expiring');
    add((look) => expiringWithin(span, look), '--expiring', expiring.trim());
  }
  if (typed.expired) add(expired, '--expired');
  if (agent !== undefined) add(() => (key) => key.agent === agent, '--agent', agent);
  if (name !== undefined) {
    const matches = globMatcher(name);
    add(() => (key) => matches(key.name ?? ''), '--name', name);
  }
  const at = (look: Look): KeyTest => {
    const now = tests.map((test) => test(look));
    return (key) => now.every((test) => test(key));
  };
  return { kind: tests.length === 0 ? 'all' : 'some', at, words };
}

/** `usage` where a provider's list cannot tell what is asked: an empty answer would be taken for "there are none". */
export function refuseUnknowable({ stale }: Pick<SelectionWords, 'stale'>, provider: Provider): void {
  if (stale === undefined || provider.keys.list === null || provider.keys.list.lastUse === 'told') return;
  throw new Failure('usage', {
    detail: `${provider.name} does not tell when a key was last used, so nobody can know which are stale.`,
    hint: 'Choose by --name, or leave --stale out.',
  });
}
