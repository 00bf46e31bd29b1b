import { entriesIn } from '../../mcp/edit/edit.ts';
import { keyPrefixes } from '../../providers/credential-kind.ts';
import type { Provider } from '../../providers/provider.ts';
import { textsIn } from './own-entry.ts';
import type { Target } from './targets.ts';

/** An entry of another name that holds a key of the provider. `begins` is enough to find the key in the list, and never enough to use it. */
export interface PlainKey {
  readonly name: string;
  readonly begins: string;
}

/** So many characters after the prefix are a key and not a word that stands for one. */
const LEAST_KEY_LENGTH = 16;

/** As many characters as a list of keys shows. */
const SHOWN = 8;

/** The entries beside ours that hold a key of the provider in plain text: in an address, a header, a variable, an argument. */
export function plainKeysIn(text: string, { client, at }: Target, provider: Pick<Provider, 'credentials'>): readonly PlainKey[] {
  const entries = entriesIn(text, { format: client.format, path: client.servers });
  if (!Array.isArray(entries)) return [];
  const own = at.path.at(-1);
  const found: PlainKey[] = [];
  for (const { name, value } of entries) {
    const begins = name === own ? undefined : textsIn(value).flatMap((each) => beginningsIn(each, provider))[0];
    if (begins !== undefined) found.push({ name, begins });
  }
  return found;
}

function beginningsIn(text: string, provider: Pick<Provider, 'credentials'>): readonly string[] {
  return keyPrefixes(provider).flatMap((prefix) => {
    const at = text.indexOf(prefix);
    const rest = at < 0 ? '' : (/^[A-Za-z0-9_-]*/.exec(text.slice(at + prefix.length))?.[0] ?? '');
    return rest.length >= LEAST_KEY_LENGTH && /[0-9]/.test(rest) ? [`${prefix}${rest}`.slice(0, Math.max(SHOWN, prefix.length))] : [];
  });
}
