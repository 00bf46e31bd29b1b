import { bearerOf } from '../bearer.ts';
import type { Keys } from '../keys.ts';
import { Refused, type Call, type Reply } from '../routes.ts';

/** A handler that runs for the owner of a valid key only; anybody else gets 401. */
export type ForUser = (handle: (call: Call, userId: string) => Reply) => (call: Call) => Reply;

export function forUser(keys: Keys): ForUser {
  return (handle) => (call) => {
    const credential = bearerOf(call.headers);
    const key = credential === undefined ? undefined : keys.use(credential);
    // The words are the vendor's; RFC 9110 section 15.5.2 wants the challenge.
    if (key === undefined) throw new Refused(401, 'unauthorized', 'Invalid or missing API key', { 'www-authenticate': 'Bearer' });
    return handle(call, key.ownerId);
  };
}
