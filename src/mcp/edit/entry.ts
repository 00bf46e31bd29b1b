/** `json` is read by a strict reader, which takes no comment and no trailing comma; `jsonc` takes both. */
export type FileFormat = 'json' | 'jsonc' | 'toml';

/** What can stand in all of these formats. */
export type EntryValue = string | boolean | readonly EntryValue[] | { readonly [name: string]: EntryValue };

/** Where one entry lies in a file: the names that lead to it, such as `mcpServers`, `keywright-memax`. */
export interface EntryPlace {
  readonly format: FileFormat;
  readonly path: readonly string[];
}

/** A file that we do not touch: it does not parse, has our entry twice, or writes it in a way that cannot be changed alone. `why` is in words, without the file's text. */
export interface Untouchable {
  readonly kind: 'untouchable';
  readonly why: string;
}

export type FoundEntry = { readonly kind: 'absent' } | { readonly kind: 'there'; readonly value: unknown } | Untouchable;

/** `same`: the file holds that already, or has nothing to remove; not a byte is different. */
export type Edited = { readonly kind: 'changed'; readonly text: string } | { readonly kind: 'same' } | Untouchable;

/** One entry of a table, as it was read. */
export interface NamedEntry {
  readonly name: string;
  readonly value: unknown;
}
