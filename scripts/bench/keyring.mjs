/** A session bus and an unlocked gnome-keyring of the bench's own, as the tests have them. */
import { delimiter, join } from 'node:path';
import { accessSync, constants } from 'node:fs';

import { fromSources } from './ground.mjs';

const NEEDED = ['dbus-daemon', 'gdbus', 'gnome-keyring-daemon'];

function isThere(program, path) {
  return path.split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** The first of some programs that is not on PATH. */
export function firstMissing(programs, path = process.env.PATH ?? '') {
  return programs.find((program) => !isThere(program, path));
}

/** Starts it: `{ env }` with its bus and a home of its own. Throws where a program is missing, with its name. */
export async function openKeyring(ground) {
  const missing = firstMissing(NEEDED);
  if (missing !== undefined) throw new Error(`${missing} is not installed`);
  const { startKeyring } = await fromSources(ground, ['test/support/keyring.ts']);
  const keyring = await startKeyring();
  ground.closing.push(() => keyring.stop());
  const { NODE_EXTRA_CA_CERTS: _unset, ...env } = keyring.env;
  return { dir: keyring.dir, env: { ...env, PATH: ground.env.stored.PATH } };
}
