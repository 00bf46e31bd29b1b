import { variable } from '../../model/env.ts';
import { Failure } from '../../model/failure.ts';
import { fitsPattern } from '../../providers/credential-kind.ts';
import type { Provider } from '../../providers/provider.ts';
import { plainText } from '../../render/plain-text.ts';
import type { Facts } from './facts.ts';

export type ProjectDecision = { readonly kind: 'decided'; readonly project: string | null } | { readonly kind: 'failed'; readonly failure: Failure };

/**
 * The project that requests name: `--project` (`named`), else the provider's variable, else the directory binding; null where none
 * of them says, or the provider has no projects. One that cannot be a project is `usage`; the next place is not tried.
 */
export function decideProject(provider: Provider, named: string | undefined, { env, binding }: Pick<Facts, 'env' | 'binding'>): ProjectDecision {
  const { project, name, envPrefix } = provider;
  if (project === null) {
    if (named === undefined) return { kind: 'decided', project: null };
    return { kind: 'failed', failure: new Failure('usage', { detail: `${name} has no projects.`, hint: 'Leave --project out.' }) };
  }
  const bound = binding !== undefined && (binding.provider === null || binding.provider === provider.id) ? binding.project : null;
  const found = [
    { whence: '--project', id: named },
    { whence: `${envPrefix}_PROJECT`, id: variable(env, `${envPrefix}_PROJECT`) },
    { whence: `the directory binding ${plainText(binding?.path ?? '')}`, id: bound ?? undefined },
  ].find(({ id }) => id !== undefined);
  if (found?.id === undefined) return { kind: 'decided', project: null };
  if (fitsPattern(project.pattern, found.id)) return { kind: 'decided', project: found.id };
  return {
    kind: 'failed',
    failure: new Failure('usage', {
      detail: `What ${found.whence} says cannot be a project of ${name}.`,
      hint: `The ids of projects begin with ${project.pattern.prefix}; the dashboard shows them.`,
    }),
  };
}
