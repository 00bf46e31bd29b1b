/** A D-Bus value in our hands: structs, arrays and dictionary entries are all lists. */
export type BusValue = boolean | number | string | readonly BusValue[];

/** Splits a D-Bus signature into its complete types: `sa{ss}u` gives `s`, `a{ss}`, `u`. Throws on one that is not well formed. */
export function splitTypes(signature: string): readonly string[] {
  const types: string[] = [];
  for (let at = 0; at < signature.length;) {
    const end = endOfType(signature, at);
    types.push(signature.slice(at, end));
    at = end;
  }
  return types;
}

/** To which multiple of bytes a type is padded (D-Bus specification, "Summary of D-Bus marshaling"), for the types we know. */
export function alignmentOf(type: string): number {
  const code = type.charAt(0);
  if (code === 'y' || code === 'g' || code === 'v') return 1;
  if (code === '(' || code === '{') return 8;
  return 4;
}

function endOfType(signature: string, at: number): number {
  const code = signature.charAt(at);
  if (code === 'a') return endOfType(signature, at + 1);
  if (code === '(' || code === '{') return endOfGroup(signature, at + 1, code === '(' ? ')' : '}');
  if (code === '' || !'ybusogv'.includes(code)) throw new Error('a D-Bus signature names a type that is not read here');
  return at + 1;
}

function endOfGroup(signature: string, start: number, close: string): number {
  let at = start;
  while (signature.charAt(at) !== close) at = endOfType(signature, at);
  return at + 1;
}
