import type { LocalRealm } from '../../src/backend/start.ts';
import { makeKey, type MadeKey, signIn } from '../integration/backend/running.ts';
import { makeWorld, type World, type WorldWishes } from './world.ts';

/** A world in which somebody has just signed in through the browser. What that took is not counted. */
export async function signedIn(wishes: WorldWishes & { readonly realm: LocalRealm }): Promise<World> {
  const world = await makeWorld(wishes);
  const result = await world.run('login', 'memax', '--quiet', '--browser');
  if (result.exit !== 0) throw new Error(`the sign-in did not work: ${result.stderr}`);
  wishes.realm.stats.reset();
  return world;
}

/** Somebody's key, made without a world: for variables. What that took is not counted. */
export async function newKey(realm: LocalRealm, request: Readonly<Record<string, unknown>> = {}, email = 'key-owner@keywright.test'): Promise<MadeKey> {
  const { accessToken } = await signIn(realm.origin, { email });
  const made = await makeKey(realm.origin, accessToken, request);
  realm.stats.reset();
  return made;
}
