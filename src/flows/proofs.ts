import type { Authority } from '../api/authority.ts';
import type { OAuthSession } from '../model/credentials.ts';
import type { Secret } from '../model/secret.ts';
import type { proofSender } from '../oauth/dpop.ts';

/**
 * How the requests of a session are sent where its tokens are bound to a key; null where they are not. It is asked anew for each request, since the
 * session may meanwhile have been refreshed, or replaced by one with another key or none.
 */
export function proofs(): (session: OAuthSession) => Authority['sendWithProof'] {
  let sender: { readonly key: Secret; readonly send: Promise<ReturnType<typeof proofSender>> } | undefined;
  return (session) => {
    const { dpopKey } = session;
    if (dpopKey === undefined) return null;
    return async (http, request) => {
      if (sender === undefined || !sender.key.equals(dpopKey)) {
        sender = { key: dpopKey, send: import('../oauth/dpop.ts').then((dpop) => dpop.proofSender(dpopKey)) };
      }
      return (await sender.send)(http, session, request);
    };
  };
}
