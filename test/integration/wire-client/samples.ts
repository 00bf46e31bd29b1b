import { createHash } from 'node:crypto';

import { fillWithSamples, type Bindings, type WireEntry } from '../../support/wire.ts';

const digest = (label: string): Buffer => createHash('sha256').update(label).digest();

function uuid(label: string): string {
  const hex = digest(label).toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A value for each kind of which there may be several in one witness, so that a mix-up of two is seen. */
const MAKERS: Readonly<Record<string, (label: string) => string>> = {
  id: uuid,
  token: (label) => digest(label).toString('base64url'),
  key: (label) => `mxk_${digest(label).toString('hex')}`,
  'minds-key': (label) => `minds_${digest(label).toString('hex').slice(0, 48)}`,
  'agntix-key': (label) => `pk_live_${digest(label).toString('base64url').slice(0, 32)}`,
  jwt: (label) =>
    `${part({ alg: 'RS256' })}.${part({ sub: `user_${label}`, o: { id: 'org_demo' }, exp: 4_102_444_800 })}.${digest(label).toString('base64url')}`,
};

/** A value of its own for every label that stands in these entries. */
export function sampleBindings(entries: readonly WireEntry[]): Bindings {
  const bindings: Bindings = new Map();
  for (const [, kind = '', label = ''] of JSON.stringify(entries).matchAll(/\{\{([a-z-]+)\.([a-z-]+)\}\}/g)) {
    const make = Object.hasOwn(MAKERS, kind) ? MAKERS[kind] : undefined;
    if (make !== undefined) bindings.set(`${kind}.${label}`, make(label));
  }
  return bindings;
}

/** The same value with every placeholder in its texts filled in. */
export function filled<T>(value: T, bindings: Bindings): T {
  return fillDeep(value, bindings) as T;
}

function fillDeep(value: unknown, bindings: Bindings): unknown {
  if (typeof value === 'string') return fillWithSamples(value, bindings);
  if (Array.isArray(value)) return value.map((item) => fillDeep(item, bindings));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, fillDeep(inner, bindings)]));
}
