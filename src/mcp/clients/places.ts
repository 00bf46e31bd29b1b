import { posix, win32 } from 'node:path';
import { variable } from '../../model/env.ts';
import type { ClientWorld } from './client.ts';

/*
 * The folders that the systems have for configuration, for any system on any system. Like the clients themselves, a value that is
 * not absolute is passed over.
 */

const rulesOf = ({ platform }: ClientWorld): typeof posix => (platform === 'win32' ? win32 : posix);

/** A path below a folder, as the client's system writes it. */
export const below = (world: ClientWorld, folder: string, ...names: readonly string[]): string => rulesOf(world).join(folder, ...names);

const atHome = (world: ClientWorld, ...names: readonly string[]): string => below(world, world.home, ...names);

/** The folder that a variable names, else a usual one in the home folder. */
export function folderBy(world: ClientWorld, name: string, ...usual: readonly string[]): string {
  const value = variable(world.env, name);
  return value !== undefined && rulesOf(world).isAbsolute(value) ? value : atHome(world, ...usual);
}

/** By the XDG base directory specification, for clients that hold to it on every system. */
export const xdgConfig = (world: ClientWorld): string => folderBy(world, 'XDG_CONFIG_HOME', '.config');

/** Where desktop programs keep what belongs to a person: `~/Library/Application Support`, `%APPDATA%` or `$XDG_CONFIG_HOME`. */
export function applicationData(world: ClientWorld): string {
  if (world.platform === 'darwin') return atHome(world, 'Library', 'Application Support');
  return world.platform === 'win32' ? folderBy(world, 'APPDATA', 'AppData', 'Roaming') : xdgConfig(world);
}
