import { describe, expect, it } from 'vitest';
import { decide } from '../../../../src/flows/decision/decide.ts';
import type { Facts } from '../../../../src/flows/decision/facts.ts';
import { decideProject } from '../../../../src/flows/decision/project.ts';
import type { Binding } from '../../../../src/model/binding.ts';
import type { Provider } from '../../../../src/providers/provider.ts';
import { memax } from '../../../../src/providers/memax.ts';
import { reminix } from '../../../../src/providers/reminix.ts';

const binding = (project: string | null, provider: string | null = null): Binding => ({
  path: '/p/.keywright.json',
  provider,
  account: null,
  project,
  hash: 'a'.repeat(64),
});

/** The project, or why there is none. */
function projectOf(provider: Provider, named: string | undefined, facts: Partial<Pick<Facts, 'env' | 'binding'>>): string | null {
  const decision = decideProject(provider, named, { env: {}, binding: undefined, ...facts });
  return decision.kind === 'decided' ? decision.project : `${decision.failure.code}: ${decision.failure.detail}`;
}

const all = { env: { REMINIX_PROJECT: 'proj_v' }, binding: binding('proj_b', 'reminix') };

describe('the project', () => {
  it.each<[string, string | undefined, Partial<Pick<Facts, 'env' | 'binding'>>, string | null]>([
    ['--project before the variable and the binding', 'proj_f', all, 'proj_f'],
    ['the variable before the binding', undefined, all, 'proj_v'],
    ['the binding, where the variable is empty', undefined, { ...all, env: { REMINIX_PROJECT: '' } }, 'proj_b'],
    ['a binding that names no provider', undefined, { binding: binding('proj_b') }, 'proj_b'],
    ['nothing, where the binding is for another provider', undefined, { binding: binding('proj_b', 'memax') }, null],
    ['nothing, where the binding names no project', undefined, { binding: binding(null, 'reminix') }, null],
    ['nothing, where nobody says', undefined, { env: { MEMAX_PROJECT: 'proj_x', PROJECT: 'proj_y' } }, null],
  ])('is decided by %s', (_title, named, facts, project) => {
    expect(projectOf(reminix, named, facts)).toBe(project);
  });

  it.each<[string, string | undefined, Partial<Pick<Facts, 'env' | 'binding'>>]>([
    ['--project', '', {}],
    ['--project', 'proj_', all],
    ['--project', 'project', {}],
    ['--project', `proj_${'x'.repeat(65)}`, {}],
    ['--project', 'proj_x\r\nx-admin: 1', {}],
    ['REMINIX_PROJECT', undefined, { ...all, env: { REMINIX_PROJECT: 'SECRET-7f3a' } }],
    ['the directory binding /p/.keywright.json', undefined, { binding: binding('SECRET-7f3a') }],
  ])('is refused where %s says %j, and nothing else takes its place', (whence, named, facts) => {
    expect(projectOf(reminix, named, facts)).toBe(`usage: What ${whence} says cannot be a project of Reminix.`);
  });

  it('of a provider without projects is none, and may not be named', () => {
    const facts = { env: { MEMAX_PROJECT: 'proj_v' }, binding: binding('proj_b', 'memax') };
    expect(projectOf(memax, undefined, facts)).toBeNull();
    expect(projectOf(memax, 'proj_f', facts)).toBe('usage: Memax has no projects.');
  });
});

describe('a binding that names a project', () => {
  const PAT = `reminix_pat_${'5e'.repeat(16)}`;
  const facts: Facts = {
    providers: [memax, reminix],
    env: { REMINIX_API_KEY: PAT },
    records: [],
    binding: undefined,
    defaults: { provider: null, accounts: new Map(), trusted: new Map() },
  };
  const effect = (more: Partial<Facts>, project?: string): unknown => {
    const { outcome } = decide({ provider: undefined, account: undefined, project }, { ...facts, ...more });
    return outcome.kind === 'decided' ? outcome.binding : outcome.failure.detail;
  };

  it('leads elsewhere, which is told until the person vouches for it', () => {
    const bound = { binding: binding('proj_b') };
    const leadsTo = 'REMINIX_API_KEY at reminix (project proj_b)';
    expect(effect(bound)).toEqual({ kind: 'untrusted', ...bound, leadsTo, insteadOf: 'REMINIX_API_KEY at reminix' });
    expect(effect({ ...bound, env: { ...facts.env, REMINIX_PROJECT: 'proj_b' } })).toEqual({ kind: 'none' });
    expect(effect(bound, 'proj_f')).toEqual({ kind: 'none' });
    const trusted = new Map([['/p/.keywright.json', 'a'.repeat(64)]]);
    expect(effect({ ...bound, defaults: { ...facts.defaults, trusted } })).toEqual({ kind: 'trusted', ...bound });
  });
});
