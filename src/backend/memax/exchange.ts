import { Refused, type Call, type Reply, type Route } from '../routes.ts';
import { DEMO_EMAIL } from '../users.ts';
import type { CompleteTuning } from '../tuning.ts';
import type { Doors } from './caller.ts';
import { data, invalid, readInput } from './envelope.ts';

const CODE_SECONDS = 60;

/** The sign-in of the vendor's own CLI: a code to a loopback address, changed for tokens. It is older than its OAuth server and lives beside it. */
export function exchangeRoutes(doors: Doors, tuning: CompleteTuning): readonly Route[] {
  const { tokens, users } = doors;
  const tokenPair = (userId: string, refreshToken: string): Reply =>
    data({
      access_token: tokens.issue('exchange-access', userId, tuning.accessTokenSeconds),
      refresh_token: refreshToken,
      expires_in: tuning.accessTokenSeconds,
    });
  const begin = (call: Call): Reply => {
    const back = readLoopback(call.query.get('redirect_uri'));
    back.searchParams.set('code', tokens.issue('exchange-code', users.withEmail(DEMO_EMAIL).id, CODE_SECONDS));
    return { status: 302, headers: { location: back.href } };
  };
  return [
    { name: 'exchange.github', method: 'GET', path: '/v1/auth/github', handle: begin },
    { name: 'exchange.google', method: 'GET', path: '/v1/auth/google', handle: begin },
    {
      name: 'exchange.code',
      method: 'POST',
      path: '/v1/auth/exchange',
      handle(call) {
        const userId = tokens.spend('exchange-code', readField(call, 'code'));
        if (userId === undefined) throw new Refused(401, 'unauthorized', 'The code is unknown, used or expired.');
        return tokenPair(userId, tokens.issue('exchange-refresh', userId, tuning.refreshTokenSeconds));
      },
    },
    {
      name: 'exchange.refresh',
      method: 'POST',
      path: '/v1/auth/refresh',
      handle(call) {
        const refreshToken = readField(call, 'refresh_token');
        const userId = tokens.read('exchange-refresh', refreshToken);
        if (userId === undefined) throw new Refused(401, 'unauthorized', 'The refresh token is unknown or expired.');
        return tokenPair(userId, refreshToken);
      },
    },
  ];
}

function readField(call: Call, field: string): string {
  const value = readInput(call)[field];
  if (typeof value !== 'string' || value === '') throw invalid(`${field} is required.`);
  return value;
}

/** RFC 8252 section 7.3. Anything but loopback would hand a code to a stranger. */
function readLoopback(written: string | null): URL {
  const address = written !== null && URL.canParse(written) ? new URL(written) : undefined;
  const loopback = address !== undefined && ['127.0.0.1', '[::1]', 'localhost'].includes(address.hostname);
  if (address === undefined || !loopback || address.protocol !== 'http:' || address.username !== '' || address.password !== '') {
    throw invalid('redirect_uri must be an http address on this machine: 127.0.0.1, [::1] or localhost.');
  }
  return address;
}
