import { readFileSync } from 'node:fs';
import { type MachineDefaults, NOTHING_CHOSEN, type Settings } from '../model/settings.ts';
import { Failure } from '../model/failure.ts';
import { isAccountName, isOrigin, isProviderId } from '../model/names.ts';
import { systemCode } from './system-code.ts';

/** A change that an older keywright would misread gets the next number. */
const FORMAT = 1;

export interface SettingsWorld {
  /** Its folder is made with 0700 by the first write. */
  readonly path: string;
  readonly warn: (line: string) => void;
}

type Found = { readonly kind: 'defaults'; readonly defaults: MachineDefaults } | { readonly kind: 'absent' } | { readonly kind: 'bad'; readonly why: string };

/** What `use` chose for this machine: one small JSON file with a format number, 0600, without any secret. */
export function createSettings(world: SettingsWorld): Settings {
  const warned = new Set<string>();

  /** At once: every command waits for it, and it is one small file. */
  function load(): Found {
    try {
      return parse(readFileSync(world.path, 'utf8'));
    } catch (error) {
      const code = systemCode(error);
      return code === 'ENOENT' || code === 'ENOTDIR' ? { kind: 'absent' } : { kind: 'bad', why: `it cannot be read (${code ?? 'unknown'})` };
    }
  }

  return {
    read: async () => {
      const found = load();
      if (found.kind === 'defaults') return found.defaults;
      if (found.kind === 'bad' && !warned.has(world.path)) {
        warned.add(world.path);
        world.warn(`The settings in ${world.path} are passed over: ${found.why}.`);
      }
      return NOTHING_CHOSEN;
    },
    update: async (change) => {
      const found = load();
      if (found.kind === 'bad') {
        throw new Failure('refused', {
          detail: `The settings in ${world.path} were left as they are: ${found.why}.`,
          hint: 'Correct the file, or delete it and choose again.',
        });
      }
      const after = change(found.kind === 'defaults' ? found.defaults : NOTHING_CHOSEN);
      try {
        const { writeFileAtomically } = await import('./atomic-file.ts');
        await writeFileAtomically(world.path, `${JSON.stringify(fieldsOf(after), null, 2)}\n`, { mode: 0o600 });
      } catch (error) {
        const code = systemCode(error);
        if (code === undefined) throw error;
        throw new Failure('refused', {
          detail: `The settings in ${world.path} cannot be written (${code}).`,
          hint: 'Their folder must be writable for you and have some space left; XDG_CONFIG_HOME moves it.',
          cause: error,
        });
      }
      return after;
    },
  };
}

function fieldsOf(defaults: MachineDefaults): Readonly<Record<string, unknown>> {
  const sorted = (map: ReadonlyMap<string, string>): unknown => Object.fromEntries([...map].sort(([one], [other]) => (one < other ? -1 : 1)));
  return { v: FORMAT, provider: defaults.provider, accounts: sorted(defaults.accounts), trusted_bindings: sorted(defaults.trusted) };
}

/** The defaults in a file's text. Fields that we do not know are overlooked; one that we know must be as `fieldsOf` makes it. */
function parse(text: string): Found {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { kind: 'bad', why: 'the file is not JSON' };
  }
  if (!isFields(value)) return { kind: 'bad', why: 'the file is not a JSON object' };
  if (value['v'] !== FORMAT) return { kind: 'bad', why: 'they are of another version of keywright' };
  const provider = value['provider'] ?? null;
  if (provider !== null && !(typeof provider === 'string' && isProviderId(provider)))
    return { kind: 'bad', why: 'the field provider is not the id of a provider' };
  const accounts = textMap(value['accounts'], isOrigin, isAccountName);
  if (accounts === undefined) return { kind: 'bad', why: 'the field accounts is not a list of accounts by origin' };
  const trusted = textMap(
    value['trusted_bindings'],
    () => true,
    (hash) => /^[0-9a-f]{64}$/.test(hash),
  );
  if (trusted === undefined) return { kind: 'bad', why: 'the field trusted_bindings is not a list of hashes by path' };
  return { kind: 'defaults', defaults: { provider, accounts, trusted } };
}

/** The entries of an object of texts; empty where the field is missing, undefined where it is anything else. */
function textMap(value: unknown, keyFits: (key: string) => boolean, textFits: (text: string) => boolean): ReadonlyMap<string, string> | undefined {
  if (value === undefined) return new Map();
  if (!isFields(value)) return undefined;
  const entries: Array<readonly [string, string]> = [];
  for (const [key, text] of Object.entries(value)) {
    if (!keyFits(key) || typeof text !== 'string' || !textFits(text)) return undefined;
    entries.push([key, text]);
  }
  return new Map(entries);
}

function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
