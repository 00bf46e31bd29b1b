import type { Mistake } from './definition-mistakes.ts';
import type { Definition, Template } from './definition-schema.ts';
import type { KeyTakes } from './provider.ts';

/** What the schema cannot say, since it concerns several fields at once or needs more than a pattern. */
export function ruleMistakes(definition: Definition): readonly Mistake[] {
  return [...addressMistakes(definition), ...keyMistakes(definition), ...createMistakes(definition), ...oauthMistakes(definition)];
}

/** An address that the parser writes otherwise leads elsewhere than its reader thinks: `https://0x7f.1` is this machine. */
function addressMistake(path: string, address: string | null | undefined): readonly Mistake[] {
  if (address === null || address === undefined) return [];
  if (!URL.canParse(address)) return [{ path, message: 'is not an address' }];
  const { href } = new URL(address);
  return href === address || href === `${address}/` ? [] : [{ path, message: `must be written as it is read: ${href}` }];
}

function addressMistakes({ base_url: baseUrl, keys, oauth }: Definition): readonly Mistake[] {
  const server = oauth?.server;
  const endpoints = server?.kind === 'endpoints' ? server : undefined;
  const at = 'oauth.server.';
  return [
    addressMistake('base_url', baseUrl),
    addressMistake('keys.dashboard', keys.dashboard),
    addressMistake(`${at}issuer`, server?.issuer),
    addressMistake(`${at}authorization`, endpoints?.authorization),
    addressMistake(`${at}token`, endpoints?.token),
    addressMistake(`${at}revocation`, endpoints?.revocation),
    addressMistake(`${at}device_authorization`, endpoints?.device_authorization),
  ].flat();
}

function keyMistakes({ key }: Definition): readonly Mistake[] {
  const { length } = key;
  return typeof length === 'number' || length.min <= length.max ? [] : [{ path: 'key.length', message: 'must have a min that is not above its max' }];
}

/** Every text of a template. */
function textsIn(template: Template): readonly string[] {
  if (typeof template === 'string') return [template];
  return typeof template === 'object' && template !== null ? Object.values(template).flatMap(textsIn) : [];
}

/** The words of a body that say when a key ends, by how exactly that can be chosen. */
const ENDS: Readonly<Record<KeyTakes['expiry'], readonly string[]>> = {
  days: ['{expires_at}', '{expires_in_days}'],
  seconds: ['{expires_at}', '{expires_in_seconds}'],
  none: [],
};

/** What is asked for and does not go into the body would be left out without a word, and the other way round nothing would ever stand there. */
function createMistakes({ keys: { create } }: Definition): readonly Mistake[] {
  if (create === null) return [];
  const { body, takes } = create;
  const used = new Set(textsIn(body));
  const mistakes: Mistake[] = [];
  const mistake = (path: string, message: string): void => void mistakes.push({ path: `keys.create.${path}`, message });
  if (!used.has('{name}')) mistake('body', 'must hold "{name}" somewhere');
  if (used.has('{scopes}') && takes.scopes === null) mistake('takes.scopes', 'must be a list, since the body holds "{scopes}"');
  if (!used.has('{scopes}') && takes.scopes !== null) mistake('body', 'must hold "{scopes}" somewhere, since keys take scopes');
  const known = takes.scopes?.map(({ scope }) => scope) ?? [];
  const strangers = (takes.read_only ?? []).filter((scope) => !known.includes(scope));
  if (strangers.length > 0) mistake('takes.read_only', 'must name scopes of takes.scopes only');
  const ends = ENDS[takes.expiry];
  const others = ['{expires_at}', '{expires_in_days}', '{expires_in_seconds}'].filter((word) => !ends.includes(word) && used.has(word));
  if (others.length > 0) mistake('body', `must not hold "${others.join('" or "')}", since takes.expiry is "${takes.expiry}"`);
  if (ends.length > 0 && !ends.some((word) => used.has(word))) mistake('body', `must hold "${ends.join('" or "')}", since takes.expiry is "${takes.expiry}"`);
  return mistakes;
}

function oauthMistakes({ oauth }: Definition): readonly Mistake[] {
  if (oauth === null) return [];
  const mistakes: Mistake[] = [];
  if (oauth.server.kind === 'endpoints' && oauth.client.kind === 'register') {
    mistakes.push({ path: 'oauth.client', message: 'must be of the kind "fixed": without metadata nobody knows where to register' });
  }
  if (oauth.scope_separator === ',' && oauth.scopes.some((scope) => scope.includes(','))) {
    mistakes.push({ path: 'oauth.scopes', message: 'must have no commas in them, since a comma stands between them' });
  }
  return mistakes;
}
