import type { AttachedCall, AttachedEnd } from '../model/child.ts';
import type { ChildrenWorld } from './children.ts';

/** Runs a program in our place, with our streams. */
export async function attach({ file, args, env }: AttachedCall, _world: ChildrenWorld): Promise<AttachedEnd> {
  const { execa } = await import('execa');
  const result = await execa(file, args, { env, extendEnv: false, reject: false, stdio: 'inherit' });
  if (result.signal !== undefined) return { kind: 'killed', signal: result.signal };
  if (result.exitCode === undefined) return { kind: 'not-started', why: result.code === 'ENOENT' ? 'not-found' : result.code === 'EACCES' ? 'not-executable' : 'failed' };
  return { kind: 'ended', code: result.exitCode };
}
