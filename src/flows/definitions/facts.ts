import type { AuthorizationServer, CredentialKind, Fact, KeyOperations, OAuthClient, Paging, Provider } from '../../providers/provider.ts';

/** One fact of a definition in words; `assumed` says why where no document of the vendor states it. */
export interface FactRow {
  readonly fact: Fact;
  readonly value: string;
  readonly assumed: string | null;
}

const NONE = 'none';

function looksLike({ looks }: CredentialKind): string {
  if (looks === 'jwt') return 'a JSON Web Token';
  const { prefix, alphabet, length } = looks;
  const characters = typeof length === 'number' ? String(length) : `${length.min} to ${length.max}`;
  return `${prefix}<${characters} ${alphabet}>`;
}

function credentialWords(kind: CredentialKind): string {
  const { name, header, project } = kind;
  const value = header.scheme === null ? '<it>' : `${header.scheme} <it>`;
  return `${name} (${looksLike(kind)}, sent as ${header.name}: ${value}${project === 'required' ? ', needs a project' : ''})`;
}

function serverWords(server: AuthorizationServer): string {
  switch (server.kind) {
    case 'path':
      return `at the API's own address${server.path === '' ? '' : `, below ${server.path}`}`;
    case 'issuer':
      return `at the issuer ${server.issuer}`;
    case 'endpoints':
      return `at ${server.authorizationEndpoint}, tokens from ${server.tokenEndpoint}`;
  }
}

function clientWords(client: OAuthClient): string {
  if (client.kind === 'register') return 'registered for each sign-in';
  return `as the client ${client.clientId}${client.port === null ? '' : ` with port ${client.port}`}`;
}

function pagingWords(paging: Paging | null): string {
  if (paging === null) return NONE;
  return paging.kind === 'numbers' ? `counted pages of up to ${paging.largest}` : `a cursor in "${paging.next.join('.')}"`;
}

function createWords(create: KeyOperations['create']): string {
  if (create === null) return NONE;
  const { call, takes } = create;
  const { method, path } = call({ name: null, scopes: [], agent: null, hubs: [], trust: null, expiresAt: null }, 0);
  const parts = [
    `name ${takes.name}, up to ${takes.longestName} characters`,
    takes.scopes === null ? 'no scopes' : 'scopes',
    takes.expiry === 'none' ? 'no expiry' : `expiry in ${takes.expiry}`,
    ...(takes.agent === 'yes' ? ['agent'] : []),
    ...(takes.hubs === 'yes' ? ['hubs'] : []),
    ...(takes.trust === null ? [] : ['trust']),
  ];
  return `${method} ${path} (${parts.join(', ')})`;
}

/** Every fact, and how it is put into words. A fact that is not here does not compile. */
const WORDS: Readonly<Record<Fact, (provider: Provider) => string>> = {
  'base-url': ({ baseUrl }) => baseUrl,
  'key-variable': ({ envPrefix }) => `${envPrefix}_API_KEY`,
  'url-variable': ({ envPrefix }) => `${envPrefix}_API_URL`,
  'project-variable': ({ envPrefix, project }) => (project === null ? NONE : `${envPrefix}_PROJECT (sent as ${project.header})`),
  credentials: ({ credentials }) => credentials.map(credentialWords).join('; '),
  oauth: ({ oauth }) => (oauth === null ? NONE : `${serverWords(oauth.server)}, ${clientWords(oauth.client)}`),
  identity: ({ identity }) => (identity === null ? NONE : `${identity.call.method} ${identity.call.path}`),
  'create-key': ({ keys }) => createWords(keys.create),
  'list-keys': ({ keys }) => (keys.list === null ? NONE : `${keys.list.call.method} ${keys.list.call.path} (pages: ${pagingWords(keys.list.paging)})`),
  'revoke-key': ({ keys }) => {
    if (keys.revoke === null) return NONE;
    const { method, path } = keys.revoke.call('ID');
    return `${method} ${path}`;
  },
  'client-tokens': ({ clientTokens }) => (clientTokens === null ? NONE : `${clientTokens.lifetime.shortest} to ${clientTokens.lifetime.longest} s`),
  paging: ({ paging }) => pagingWords(paging),
  errors: () => 'code and message out of the body',
  scopes: ({ oauth, keys }) => {
    const asked = oauth?.scopes ?? [];
    const ofKeys = (keys.create?.takes.scopes ?? []).map(({ scope }) => scope);
    const sets = [asked.length === 0 ? [] : `sign-in: ${asked.join(' ')}`, ofKeys.length === 0 ? [] : `keys: ${ofKeys.join(' ')}`].flat();
    return sets.length === 0 ? NONE : sets.join('; ');
  },
};

function isFact(name: string): name is Fact {
  return Object.hasOwn(WORDS, name);
}

/** All facts of a provider, in a fixed order. */
export function factsOf(provider: Provider): readonly FactRow[] {
  return Object.keys(WORDS)
    .filter(isFact)
    .map((fact) => ({ fact, value: WORDS[fact](provider), assumed: provider.assumed[fact] ?? null }));
}
