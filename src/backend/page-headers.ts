import { pageHeaders } from '../render/page.ts';

/** The headers of a page whose forms come back here. `formTarget` is where one may lead in the end, beyond this origin: browsers hold redirects to it, too. */
export function formPageHeaders(formTarget?: string): Readonly<Record<string, string>> {
  return pageHeaders(["'self'", ...(formTarget === undefined ? [] : [formTargetSource(formTarget)])]);
}

/** A source of a content security policy for a redirect URI. An IPv6 host cannot be written there, nor a host of an app's own scheme. */
function formTargetSource(redirectUri: string): string {
  if (!URL.canParse(redirectUri)) return "'none'";
  const { protocol, origin, hostname } = new URL(redirectUri);
  return (protocol === 'http:' || protocol === 'https:') && !hostname.startsWith('[') ? origin : protocol;
}
