/*
 * Reading entries back. What stands in a client's file is anybody's text: it is compared with what we would write, and never obeyed.
 */

/** Every text in a value of a file, in its order. */
export function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(textsIn);
}

/** The id of the grant that an entry names; undefined where it is none of ours. */
export function grantIn(value: unknown): string | undefined {
  const texts = textsIn(value);
  const id = texts[texts.indexOf('--grant') + 1];
  return texts.includes('mcp') && texts.includes('--grant') && id !== undefined && /^[A-Za-z0-9]{1,64}$/.test(id) ? id : undefined;
}

/** The words of the command that an entry starts, whichever way the client writes them: in one list, or the program beside its arguments. */
export function commandIn(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null || !('command' in value)) return [];
  return textsIn('args' in value ? [value.command, value.args] : value.command);
}
