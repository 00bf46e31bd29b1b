import type { LocalRealm } from '../../src/backend/start.ts';
import type { World } from './world.ts';

/** How long real time goes by between two looks. */
const LOOK_MS = 10;

/**
 * Lets time pass for the command and the provider alike, a second at a time, until `done` or until the command has ended. The waits of a command are
 * then over in moments, and each in its own order.
 */
export async function letTimePass(world: World, realm: LocalRealm, done: Promise<unknown> | (() => boolean)): Promise<void> {
  let over = false;
  if (typeof done !== 'function') {
    const end = (): void => {
      over = true;
    };
    done.then(end, end);
  }
  while (!(typeof done === 'function' ? done() : over)) {
    realm.advanceClock(1_000);
    world.clock.advance(1_000);
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}
