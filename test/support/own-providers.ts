import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createDefinitionFiles } from '../../src/adapters/definitions.ts';
import { ROOT } from './cli.ts';
import type { World } from './world.ts';

/** The definitions of docs/providers.md by their ids, as text. */
export async function documentedDefinitions(): Promise<ReadonlyMap<string, string>> {
  const page = await readFile(path.join(ROOT, 'docs/providers.md'), 'utf8');
  const blocks = [...page.matchAll(/```json\n([\s\S]*?)```/g)].map(([, text]) => text ?? '');
  return new Map(blocks.map((text) => [idIn(text), text]));
}

/** The command lines of docs/providers.md that begin with `keywright`, without their remarks. */
export async function documentedCommands(): Promise<readonly string[]> {
  const page = await readFile(path.join(ROOT, 'docs/providers.md'), 'utf8');
  return [...page.matchAll(/```sh\n([\s\S]*?)```/g)]
    .flatMap(([, text]) => (text ?? '').split('\n'))
    .map((line) => line.replace(/ #.*$/, '').trim())
    .filter((line) => line.startsWith('keywright '));
}

function idIn(text: string): string {
  const { id }: { id?: unknown } = JSON.parse(text);
  return String(id);
}

/** A definition at other addresses, such as servers of a test. */
export function movedTo(text: string, addresses: Readonly<Record<string, string>>): string {
  return Object.entries(addresses).reduce((moved, [from, to]) => moved.replaceAll(from, to), text);
}

/** Adds a definition of the page, at other addresses, in a world. */
export async function addOwn(
  world: World,
  id: string,
  addresses: Readonly<Record<string, string>> = {},
  change: (text: string) => string = (text) => text,
): Promise<void> {
  const text = change(movedTo((await documentedDefinitions()).get(id) ?? '', addresses));
  const file = path.join(world.cwd, `${id}-to-add.json`);
  await writeFile(file, text);
  const { exit, stderr } = await world.run('providers', 'add', file, '--yes', '--replace', '--quiet');
  if (exit !== 0) throw new Error(stderr);
}

/** The definitions that are stored in a world, by their ids. */
export async function storedDefinitions(world: World): Promise<ReadonlyMap<string, string>> {
  const files = await createDefinitionFiles({ dir: path.join(world.dir, 'config/providers') }).list();
  return new Map(files.map(({ id, text }) => [id, text]));
}
