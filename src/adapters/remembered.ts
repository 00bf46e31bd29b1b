import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isProviderId } from '../model/names.ts';
import type { Remembered } from '../model/remembered.ts';
import { decodeKeys, KNOWN_KEYS_FOLDER } from './known-keys-file.ts';
import { type Fields, fieldsIn, isFields, isText } from './record-fields.ts';

/*
 * What completion offers, read without waiting for anybody and without loading anything: a person sits at the Tab key. A file that cannot
 * be read or understood offers nothing.
 */

/** Something to offer. The description is as somebody else wrote it. */
export interface Offer {
  readonly value: string;
  readonly about: string;
}

export interface Asked {
  readonly kind: Remembered;
  /** Only what belongs to this provider, and to this account. */
  readonly provider: string | undefined;
  readonly account: string | undefined;
  /** Unix milliseconds: what has ended by then is not offered. */
  readonly now: number;
}

/** Where records lie, as `findPaths` says. */
export interface Places {
  readonly state: string;
  readonly config: string;
}

/** No shell makes anything but text of these, in quotes or without. A dash in front would make a flag of it. */
const SAFE = /^[A-Za-z0-9_.@][A-Za-z0-9_.@-]{0,199}$/;

/** No record of ours is near it; the keys of an origin are at most 2,000. */
const MAX_BYTES = 2 * 1024 * 1024;

const ENDING = '.json';

function names(dir: string): readonly string[] {
  try {
    return readdirSync(dir)
      .filter((name) => name.endsWith(ENDING))
      .sort();
  } catch {
    return [];
  }
}

/** The text of a regular file; a pipe or a device would be waited for. */
function textOf(path: string): string {
  try {
    const facts = lstatSync(path);
    return facts.isFile() && facts.size <= MAX_BYTES ? readFileSync(path, 'utf8') : '';
  } catch {
    return '';
  }
}

const texts = (dir: string): readonly string[] => names(dir).map((name) => textOf(join(dir, name)));

function records(dir: string): readonly Fields[] {
  return texts(dir)
    .map(fieldsIn)
    .filter((fields) => fields !== undefined);
}

const text = (value: unknown): string => (isText(value) ? value : '');
const words = (...parts: readonly unknown[]): string =>
  parts
    .map(text)
    .filter((part) => part !== '')
    .join(', ');

function identity({ identity: known }: Fields): string {
  return isFields(known) ? text(known['label']) : '';
}

function everything({ kind, provider, account, now }: Asked, { state, config }: Places): readonly Offer[] {
  const ofProvider = (fields: { readonly provider?: unknown }): boolean => provider === undefined || fields.provider === provider;
  const grants = (): readonly Fields[] => records(join(state, 'grants')).filter(ofProvider);
  const ofAccount = (thing: { readonly account: string }): boolean => account === undefined || thing.account === account;
  const known = () =>
    texts(join(state, KNOWN_KEYS_FOLDER))
      .flatMap((each) => decodeKeys(each) ?? [])
      .filter(ofProvider);
  const keys = () => known().flatMap((each) => each.keys.filter(ofAccount));
  switch (kind) {
    case 'providers':
      return names(join(config, 'providers'))
        .map((name) => name.slice(0, -ENDING.length))
        .filter(isProviderId)
        .map((value) => ({ value, about: '' }));
    case 'accounts':
      return records(join(state, 'accounts'))
        .filter(ofProvider)
        .map((fields) => ({ value: text(fields['account']), about: words(fields['provider'], identity(fields)) }));
    case 'grants':
      return grants().map((fields) => ({ value: text(fields['id']), about: words(fields['agent'], fields['provider'], fields['device']) }));
    case 'agents':
      return [...grants().map((fields) => fields['agent']), ...keys().map(({ agent }) => agent)].map((agent) => ({ value: text(agent), about: '' }));
    case 'key-ids':
      return keys().map(({ id, name, agent }) => ({ value: id, about: words(name, agent) }));
    case 'sign-ins':
      return known().flatMap(({ provider: at, signIns }) =>
        signIns
          .filter(ofAccount)
          .filter(({ endsAt }) => endsAt > now)
          .map(({ id, account: whose }) => ({ value: id, about: words(at, whose) })),
      );
    case 'key-names':
      return keys().map(({ name, id }) => ({ value: text(name), about: id }));
  }
}

/**
 * What there is of a kind that begins with `prefix`, each value once. Only what no shell takes for more than text is offered, whatever stands in
 * the files. Waits for nothing and never throws.
 */
export function remembered(asked: Asked, prefix: string, places: Places): readonly Offer[] {
  const offers = new Map<string, Offer>();
  for (const offer of everything(asked, places)) {
    if (SAFE.test(offer.value) && offer.value.startsWith(prefix) && !offers.has(offer.value)) offers.set(offer.value, offer);
  }
  return [...offers.values()];
}
