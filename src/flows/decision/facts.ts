import type { AccountRecord } from '../../model/credentials.ts';
import type { Binding } from '../../model/binding.ts';
import type { Deps } from '../../model/deps.ts';
import type { Env } from '../../model/env.ts';
import type { MachineDefaults } from '../../model/settings.ts';
import type { Provider } from '../../providers/provider.ts';
import { knownProviders } from '../../providers/registry.ts';

/** All that a decision rests on, looked up once, so that deciding itself is a function of facts. */
export interface Facts {
  readonly providers: readonly Provider[];
  readonly env: Env;
  readonly records: readonly AccountRecord[];
  readonly binding: Binding | undefined;
  readonly defaults: MachineDefaults;
}

export type FactDeps = Pick<Deps, 'env' | 'accounts' | 'settings' | 'binding' | 'definitions' | 'output'>;

/** Reads local state, and nothing else: no network, no store, no lock. None of it fails where a folder cannot be read. */
export async function gatherFacts(deps: FactDeps): Promise<Facts> {
  const [providers, records, binding, defaults] = await Promise.all([knownProviders(deps), deps.accounts.list(), deps.binding.find(), deps.settings.read()]);
  return { providers, env: deps.env, records, binding, defaults };
}
