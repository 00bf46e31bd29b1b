/**
 * A token endpoint's reply, forgivingly reread before the OAuth library judges it (RFC 6749 section 5.1).
 *
 * A rotated refresh token exists once: a reply that is thrown away for a small fault ends a session that the server
 * still honours. So `expires_in` may be text, or is left out where it makes no sense; a `token_type` that is missing or
 * unknown is taken as bearer, and the provider's API has the last word on it; an `id_token`, which nothing here uses, is dropped. Only the access token must be there.
 */
export function forgivingTokenReply(body: string): string {
  let reply: unknown;
  try {
    reply = JSON.parse(body);
  } catch {
    return body;
  }
  if (typeof reply !== 'object' || reply === null || !('access_token' in reply) || typeof reply.access_token !== 'string') return body;
  const field = (name: string): unknown => (reply as Record<string, unknown>)[name];
  const seconds = Number(field('expires_in'));
  const tokenType = field('token_type');
  return JSON.stringify({
    access_token: reply.access_token,
    token_type: typeof tokenType === 'string' && tokenType.toLowerCase() === 'dpop' ? 'dpop' : 'bearer',
    ...(Number.isFinite(seconds) && seconds > 0 && field('expires_in') !== null ? { expires_in: Math.floor(seconds) } : {}),
    ...(typeof field('refresh_token') === 'string' && field('refresh_token') !== '' ? { refresh_token: field('refresh_token') } : {}),
    ...(typeof field('scope') === 'string' ? { scope: field('scope') } : {}),
  });
}
