import { ServerResponse } from 'node:http';

import type Provider from 'oidc-provider';

import { formPageHeaders } from '../page-headers.ts';
import { Refused, type Call, type Reply, type Route } from '../routes.ts';
import { consentPage, messagePage, signInPage } from './pages.ts';
import { PATHS, type OAuthSettings } from './settings.ts';
import { shownName } from './shown-name.ts';

/** The pages between `/oauth/authorize` and the way back to the client: who are you, and do you allow this. */
export function interactionRoutes(settings: OAuthSettings, provider: () => Promise<Provider>): readonly Route[] {
  const path = `${PATHS.interaction}/:uid`;
  const begun = async (call: Call, next: (open: Open) => Reply | Promise<Reply>): Promise<Reply> => {
    const open = await openInteraction(settings, await provider(), call);
    return open === undefined ? expired(settings) : next(open);
  };
  return [
    { name: 'interaction.show', method: 'GET', path, handle: (call) => begun(call, (open) => show(settings, open)) },
    { name: 'interaction.sign-in', method: 'POST', path: `${path}/sign-in`, handle: (call) => begun(call, (open) => signIn(settings, open)) },
    { name: 'interaction.consent', method: 'POST', path: `${path}/consent`, handle: (call) => begun(call, (open) => decide(settings, open)) },
  ];
}

/** A sign-in that is under way in this very browser. */
interface Open {
  readonly provider: Provider;
  readonly call: Call;
  readonly uid: string;
  readonly asks: string;
  readonly clientId: string;
  readonly clientName: string;
  /** Undefined where it is another device that signs in (RFC 8628). */
  readonly redirectUri: string | undefined;
  readonly scopes: readonly string[];
  readonly userId: string | undefined;
  finish(result: Parameters<Provider['interactionResult']>[2]): Promise<Reply>;
}

/** Browsers name the origin of a form's page. The cookie alone would let any other loopback port send one, as it counts as the same site. */
export function refuseForeignForm({ headers }: Pick<Call, 'headers'>, settings: OAuthSettings): void {
  const { origin } = headers;
  if (origin === undefined || origin === settings.realm.origin || origin === `http://${headers.host}`) return;
  throw new Refused(403, 'forbidden', 'This form belongs to another page.');
}

async function openInteraction(settings: OAuthSettings, provider: Provider, call: Call): Promise<Open | undefined> {
  refuseForeignForm(call, settings);
  const response = new ServerResponse(call.request);
  const details = await provider.interactionDetails(call.request, response).catch(() => undefined);
  if (details === undefined || details.uid !== call.params['uid']) return undefined;
  const { client_id: clientId, redirect_uri: redirectUri, scope } = details.params;
  const client = typeof clientId === 'string' ? await provider.Client.find(clientId) : undefined;
  if (client === undefined) return undefined;
  return {
    provider,
    call,
    uid: details.uid,
    asks: details.prompt.name,
    clientId: client.clientId,
    clientName: shownName(client),
    redirectUri: typeof redirectUri === 'string' ? redirectUri : client.redirectUris?.[0],
    scopes: typeof scope === 'string' ? scope.split(' ').filter((name) => Object.hasOwn(settings.scopes, name)) : [],
    userId: details.session?.accountId,
    async finish(result) {
      const location = await provider.interactionResult(call.request, response, result, { mergeWithLastSubmission: true });
      return { status: 303, headers: { location } };
    },
  };
}

function expired(settings: OAuthSettings): Reply {
  const lines = ['It took too long, was finished already, or was begun in another browser.', 'Go back to the program that sent you here and start again.'];
  return { status: 400, body: messagePage(settings.providerName, 'This sign-in is over', lines), headers: formPageHeaders() };
}

function show(settings: OAuthSettings, open: Open): Reply {
  const headers = formPageHeaders(open.redirectUri);
  const user = open.asks === 'consent' && open.userId !== undefined ? settings.findUser(open.userId) : undefined;
  if (user === undefined) return askWho(settings, open, undefined);
  const page = {
    providerName: settings.providerName,
    clientName: open.clientName,
    email: user.email,
    action: `${PATHS.interaction}/${open.uid}/consent`,
    abilities: open.scopes.map((scope) => settings.scopes[scope] ?? scope),
    redirectUri: open.redirectUri,
  };
  return { status: 200, body: consentPage(page), headers };
}

function askWho(settings: OAuthSettings, open: Open, problem: string | undefined): Reply {
  const page = {
    providerName: settings.providerName,
    clientName: open.clientName,
    action: `${PATHS.interaction}/${open.uid}/sign-in`,
    demoEmail: settings.demoEmail,
    ...(problem === undefined ? {} : { problem }),
  };
  return { status: problem === undefined ? 200 : 400, body: signInPage(page), headers: formPageHeaders(open.redirectUri) };
}

function signIn(settings: OAuthSettings, open: Open): Reply | Promise<Reply> {
  const form = new URLSearchParams(open.call.body);
  const through = form.get('with');
  const email = through === 'github' || through === 'google' ? settings.demoEmail : (form.get('email') ?? '').trim();
  if (!/^[^\s@\p{Cc}]{1,64}@[^\s@\p{Cc}]{1,189}$/u.test(email)) return askWho(settings, open, 'Write an address such as you@example.com.');
  return open.finish({ login: { accountId: settings.userWithEmail(email).id, remember: false } });
}

async function decide(settings: OAuthSettings, open: Open): Promise<Reply> {
  const decision = new URLSearchParams(open.call.body).get('decision');
  if (open.userId === undefined || open.asks !== 'consent') return expired(settings);
  if (decision === 'deny') return open.finish({ error: 'access_denied', error_description: 'The person did not allow this.' });
  if (decision !== 'allow') throw new Refused(400, 'invalid_request', 'The decision is "allow" or "deny".');
  const grant = new open.provider.Grant({ accountId: open.userId, clientId: open.clientId });
  grant.addOIDCScope(open.scopes.join(' '));
  return open.finish({ consent: { grantId: await grant.save() } });
}
