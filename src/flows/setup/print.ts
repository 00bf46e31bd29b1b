import type { Access } from '../../api/access.ts';
import { snippet } from '../../mcp/edit/edit.ts';
import { createGrant } from '../grants/create.ts';
import type { ApplyDeps } from './apply.ts';
import { entryOf, type Planned, type PlanWorld } from './plan.ts';

/** What a person pastes into the file of one client. */
export interface Printed {
  readonly client: string;
  readonly path: string;
  readonly grant: string;
  readonly text: string;
}

/** Makes the grants that are missing, and gives the entries in the form of each client. No file is touched; the grants are remembered as belonging there. */
export async function printSetup(plan: readonly Planned[], world: PlanWorld, access: Access, deps: ApplyDeps): Promise<readonly Printed[]> {
  const printed: Printed[] = [];
  for (const { target, step } of plan) {
    deps.interrupted.throwIfAborted();
    const known = step.kind === 'refuse' ? null : step.grant;
    const wired = [{ client: target.client.id, path: target.path }];
    const { id } = known ?? (await createGrant({ ...world.terms, agent: target.client.id, wired }, access, deps));
    printed.push({ client: target.client.id, path: target.path, grant: id, text: snippet(target.at, entryOf(target, id, world)) });
  }
  return printed;
}
