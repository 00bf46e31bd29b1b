/** What a person does with the pages of a sign-in. */
export interface PersonWishes {
  readonly decision: 'allow' | 'deny';
  /** Type this address in place of "Continue with GitHub". */
  readonly email?: string;
}

export interface Delivered {
  readonly location: string;
  readonly status: number;
  readonly text: string;
}

/** More pages than any sign-in has: beyond them we go in circles. */
const MAX_STEPS = 12;

/**
 * Plays a person at a browser: opens `authorizeUrl`, fills in the pages that come, and stops at the redirect that leaves the
 * server's origin. Gives that address without requesting it, or requests it too with `deliver: true` and gives what was shown.
 * Every call is a browser of its own, without cookies from before. Throws with the page's text where it cannot go on.
 */
export function signInAs(authorizeUrl: string | URL, wishes: PersonWishes & { readonly deliver: true }): Promise<Delivered>;
export function signInAs(authorizeUrl: string | URL, wishes: PersonWishes & { readonly deliver?: false }): Promise<string>;
export async function signInAs(authorizeUrl: string | URL, wishes: PersonWishes & { readonly deliver?: boolean }): Promise<string | Delivered> {
  const end = await walk(new URL(authorizeUrl), wishes);
  if (end.kind === 'page') throw new Error(`The sign-in ended at a page: ${visibleText(end.html)}`);
  const { location } = end;
  if (wishes.deliver !== true) return location;
  const response = await fetch(location, { redirect: 'manual' });
  return { location, status: response.status, text: await response.text() };
}

/**
 * Plays a person who opens the address that a device shows, types its code there unless the address carries it, and decides.
 * Gives the text of the page at which it ends.
 */
export async function approveDevice(address: string | URL, wishes: PersonWishes & { readonly userCode?: string }): Promise<string> {
  const end = await walk(new URL(address), wishes);
  if (end.kind === 'left') throw new Error(`A device's sign-in led away, to ${end.location}`);
  return visibleText(end.html);
}

/** Where a walk ends: at a redirect that leaves the server, or at a page with nothing more to do. */
type End = { readonly kind: 'left'; readonly location: string } | { readonly kind: 'page'; readonly html: string };

interface Step {
  readonly url: URL;
  /** A form to send; undefined to just look. */
  readonly form?: URLSearchParams;
}

async function walk(start: URL, wishes: PersonWishes & { readonly userCode?: string }): Promise<End> {
  const jar = cookieJar();
  let step: Step = { url: start };
  for (let steps = 0; steps < MAX_STEPS; steps += 1) {
    const { response, text } = await request(step, start.origin, jar);
    const location = response.headers.get('location');
    if (location !== null && response.status >= 300 && response.status < 400) {
      const target = new URL(location, step.url);
      if (target.origin !== start.origin) return { kind: 'left', location: target.href };
      step = { url: target };
      continue;
    }
    if (!response.ok) throw new Error(`The sign-in stopped at ${step.url.pathname} with ${response.status}: ${visibleText(text)}`);
    if (!text.includes('<form')) return { kind: 'page', html: text };
    step = fillIn(text, step.url, wishes);
  }
  throw new Error(`The sign-in did not end after ${MAX_STEPS} pages.`);
}

async function request(step: Step, origin: string, jar: CookieJar): Promise<{ readonly response: Response; readonly text: string }> {
  const response = await fetch(step.url, {
    method: step.form === undefined ? 'GET' : 'POST',
    redirect: 'manual',
    headers: { accept: 'text/html,*/*;q=0.8', cookie: jar.header(step.url), ...(step.form === undefined ? {} : { origin }) },
    ...(step.form === undefined ? {} : { body: step.form }),
  });
  for (const line of response.headers.getSetCookie()) jar.take(line, step.url);
  return { response, text: await response.text() };
}

/** The next step from a page: the decision where it asks for one, else who we are. */
function fillIn(html: string, at: URL, wishes: PersonWishes & { readonly userCode?: string }): Step {
  const forms = [...html.matchAll(/<form\b([^>]*)>([\s\S]*?)<\/form>/g)].map((match) => readForm(match[1] ?? '', match[2] ?? '', at));
  const asked = forms.find((form) => form.buttons.some((button) => button.name === 'decision'));
  if (asked !== undefined) return press(asked, (button) => button.name === 'decision' && button.value === wishes.decision);
  const device = forms.find((form) => form.inputs.has('user_code'));
  if (device?.buttons.some((button) => button.name === 'confirm') === true) return press(device, (button) => button.name === 'confirm');
  if (device !== undefined) {
    if (wishes.userCode !== undefined) device.inputs.set('user_code', wishes.userCode);
    return { url: device.action, form: device.inputs };
  }
  const { email } = wishes;
  const chosen =
    email === undefined ? forms.find((form) => form.buttons.some((button) => button.id === 'continue-github')) : forms.find((form) => form.inputs.has('email'));
  if (chosen === undefined) throw new Error(`Nobody could go on from ${at.pathname}: ${visibleText(html)}`);
  if (email === undefined) return press(chosen, (button) => button.id === 'continue-github');
  chosen.inputs.set('email', email);
  return { url: chosen.action, form: chosen.inputs };
}

interface Button {
  readonly id: string;
  readonly name: string;
  readonly value: string;
}

interface Form {
  readonly action: URL;
  readonly inputs: URLSearchParams;
  readonly buttons: readonly Button[];
}

function press(form: Form, wanted: (button: Button) => boolean): Step {
  const button = form.buttons.find(wanted);
  if (button === undefined) throw new Error('The form has no such button.');
  if (button.name !== '') form.inputs.set(button.name, button.value);
  return { url: form.action, form: form.inputs };
}

function readForm(attributes: string, content: string, at: URL): Form {
  const inputs = new URLSearchParams();
  for (const [, inside = ''] of content.matchAll(/<input\b([^>]*)>/g)) {
    const name = attribute(inside, 'name');
    if (name !== '') inputs.set(name, attribute(inside, 'value'));
  }
  const buttons = [...content.matchAll(/<button\b([^>]*)>/g)].map(([, inside = '']) => ({
    id: attribute(inside, 'id'),
    name: attribute(inside, 'name'),
    value: attribute(inside, 'value'),
  }));
  return { action: new URL(attribute(attributes, 'action'), at), inputs, buttons };
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };

function attribute(tag: string, name: string): string {
  const value = new RegExp(`(?:^|\\s)${name}="([^"]*)"`).exec(tag)?.[1] ?? '';
  return value.replace(/&([a-z]+|#39);/g, (whole, entity: string) => ENTITIES[entity] ?? whole);
}

function visibleText(html: string): string {
  return html
    .replace(/<style[\s\S]*?<\/style>/g, ' ')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 400);
}

interface CookieJar {
  take(line: string, from: URL): void;
  header(to: URL): string;
}

/** Cookies by name and path (RFC 6265 section 5), for one host. */
function cookieJar(): CookieJar {
  const kept: Array<{ readonly name: string; readonly value: string; readonly path: string }> = [];
  return {
    take(line, from) {
      const [pair = '', ...rest] = line.split(';');
      const at = pair.indexOf('=');
      const name = pair.slice(0, at).trim();
      const attributes = new Map(rest.map((part) => part.trim().split('=')).map(([key = '', ...value]) => [key.toLowerCase(), value.join('=')]));
      const path = attributes.get('path') ?? from.pathname.slice(0, Math.max(1, from.pathname.lastIndexOf('/')));
      const old = kept.findIndex((cookie) => cookie.name === name && cookie.path === path);
      if (old !== -1) kept.splice(old, 1);
      const ends = attributes.get('expires');
      if (ends === undefined || Date.parse(ends) > Date.now()) kept.push({ name, value: pair.slice(at + 1), path });
    },
    header(to) {
      const within = (path: string) => to.pathname === path || to.pathname.startsWith(path.endsWith('/') ? path : `${path}/`);
      return kept
        .filter((cookie) => within(cookie.path))
        .map((cookie) => `${cookie.name}=${cookie.value}`)
        .join('; ');
    },
  };
}
