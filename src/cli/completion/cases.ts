import type { Node, Values } from './tree.ts';

/** A place as the scripts know it. */
export interface Place {
  /** The words that lead here, with a space between them. */
  readonly name: string;
  readonly words: Node['words'];
  readonly flags: ReadonlyArray<{ readonly word: string; readonly about: string }>;
  /** The flags that are followed by a value. */
  readonly valued: readonly string[];
  /** The number of the argument that may come again and again; null where none may. */
  readonly last: number | null;
  readonly after: boolean;
}

/** What is offered at spots: the place, and a flag or the number of an argument behind it, with a space between them. */
export interface Spot {
  readonly at: readonly string[];
  readonly values: Values;
}

export function placesOf(nodes: readonly Node[]): readonly Place[] {
  return nodes.map(({ path, words, args, after, flags }) => ({
    name: path.join(' '),
    words,
    flags: flags.flatMap(({ words: names, about }) => names.map((word) => ({ word, about }))),
    valued: flags.flatMap(({ words: names, value }) => (value === null ? [] : names)),
    last: args.at(-1)?.many === true ? args.length - 1 : null,
    after,
  }));
}

const offersNothing = ({ choices, asks, paths }: Values): boolean => choices.length === 0 && asks === null && paths.length === 0;

/** Every spot where something can be offered; those that offer the same are one. */
export function spotsOf(nodes: readonly Node[]): readonly Spot[] {
  const spots = new Map<string, { readonly at: string[]; readonly values: Values }>();
  const add = (node: Node, what: string, { choices, asks, paths }: Values): void => {
    const values = { choices, asks, paths };
    if (offersNothing(values)) return;
    const key = JSON.stringify(values);
    const spot = spots.get(key) ?? { at: [], values };
    spot.at.push([...node.path, what].join(' '));
    spots.set(key, spot);
  };
  for (const node of nodes) {
    node.args.forEach((arg, index) => add(node, String(index), arg));
    for (const { words, value } of node.flags) if (value !== null) for (const word of words) add(node, word, value);
  }
  return [...spots.values()];
}

/** The line by which a script of ours is known, and stale ones are found. */
export function header(shell: string, version: string): string {
  return `# keywright ${version} completion for ${shell}. Made by "keywright completion ${shell.toLowerCase()}"; changes are lost when it is made again.`;
}
