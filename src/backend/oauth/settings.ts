import type { RealmContext } from '../realm.ts';
import type { User } from '../users.ts';
import type { OAuthRows } from './rows.ts';

/** What the OAuth server of one realm needs to know. */
export interface OAuthSettings {
  readonly realm: RealmContext;
  readonly rows: OAuthRows;
  /** Shown on the pages. */
  readonly providerName: string;
  /** Scope to what it lets a client do, in plain words after "It will be able to". */
  readonly scopes: Readonly<Record<string, string>>;
  readonly findUser: (id: string) => User | undefined;
  readonly userWithEmail: (email: string) => User;
  readonly demoEmail: string;
}

export const PATHS = {
  authorize: '/oauth/authorize',
  token: '/oauth/token',
  register: '/oauth/register',
  revoke: '/oauth/revoke',
  deviceAuthorization: '/oauth/device_authorization',
  /** Where a person types the code that a device shows. */
  device: '/oauth/device',
  interaction: '/oauth/interaction',
  protectedResource: '/.well-known/oauth-protected-resource',
  authorizationServer: '/.well-known/oauth-authorization-server',
} as const;
