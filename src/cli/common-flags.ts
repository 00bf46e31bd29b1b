import type { Flags } from '../commands/command.ts';
import { PROVIDER_IDS } from '../providers/known-words.ts';

/** What every command understands. */
export interface CommonFlags {
  readonly json: boolean;
  /** Only commands whose result is a list have it. */
  readonly jsonl: boolean;
  readonly quiet: boolean;
  readonly debug: boolean;
  readonly noInput: boolean;
  readonly noColor: boolean;
}

/** The flags that every command understands. */
export const COMMON: Flags = {
  provider: { takes: 'id', choices: PROVIDER_IDS, completes: 'providers', about: 'The provider that is meant' },
  account: { takes: 'name', completes: 'accounts', about: 'The account that is meant, where there are several' },
  json: { about: 'Print the result as JSON' },
  quiet: { about: 'Print nothing but results and errors' },
  debug: { about: 'Tell on stderr what is done; never shows a secret' },
  noInput: { about: 'Never ask; fail with what is missing instead' },
  noColor: { about: 'Print without colour' },
};

/** A flag's name as it is typed, without its dashes. */
export const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
