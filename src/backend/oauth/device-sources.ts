import type { Configuration, KoaContextWithOIDC } from 'oidc-provider';

import { formPageHeaders } from '../page-headers.ts';
import { shownName } from './shown-name.ts';
import { deviceCodePage, deviceConfirmPage } from './device-pages.ts';
import { messagePage } from './pages.ts';
import { PATHS, type OAuthSettings } from './settings.ts';

type DeviceFlow = NonNullable<NonNullable<Configuration['features']>['deviceFlow']>;
type Sources = Required<Pick<DeviceFlow, 'userCodeInputSource' | 'userCodeConfirmSource' | 'successSource'>>;

/** The parameter under which our own route hands on the code of `verification_uri_complete`; the library would answer its own with a script. */
export const PREFILLED = 'prefilled';

/** Our pages in place of the library's, for a code that a device shows (RFC 8628 section 3.3). */
export function deviceSources(settings: OAuthSettings): Sources {
  const { providerName } = settings;
  const message = (ctx: KoaContextWithOIDC, status: number, title: string, ...lines: readonly string[]): void =>
    show(ctx, status, messagePage(providerName, title, lines));
  return {
    userCodeInputSource(ctx, form, out, error) {
      const page = { providerName, action: PATHS.device, xsrf: hiddenValue(form, 'xsrf') };
      switch (error?.name) {
        case undefined:
          return show(ctx, 200, deviceCodePage({ ...page, userCode: oneText(ctx.query[PREFILLED]) }));
        case 'NoCodeError':
        case 'NotFoundError':
          return show(ctx, 400, deviceCodePage({ ...page, userCode: userCodeOf(error), problem: 'There is no such code. Look at the device again.' }));
        case 'AbortedError':
          return message(ctx, 200, 'The device was not signed in', 'You declined. You can close this page.');
        case 'ExpiredError':
          return message(ctx, 400, 'This code has expired', 'Start again on the device; it will show another code.');
        case 'AlreadyUsedError':
          return message(ctx, 400, 'This code was used already', 'If it was you, you can close this page. If not, start again on the device.');
        default:
          return message(ctx, 400, 'This sign-in cannot go on', out?.error_description ?? out?.error ?? 'It failed.', 'Start again on the device.');
      }
    },
    userCodeConfirmSource(ctx, form, client, _deviceInfo, userCode) {
      const clientName = shownName(client);
      show(ctx, 200, deviceConfirmPage({ providerName, clientName, action: PATHS.device, xsrf: hiddenValue(form, 'xsrf'), userCode }));
    },
    successSource(ctx) {
      message(ctx, 200, 'The device is signed in', 'You can close this page and go back to the device.');
    },
  };
}

/** For a form whose browser is not known any more. */
export function showLostDevicePage(ctx: PageContext, { providerName }: OAuthSettings): void {
  show(ctx, 400, messagePage(providerName, 'This page is too old', ['Open the address that the device shows once more, and type the code again.']));
}

/** What a page needs of the library's context. */
type PageContext = Pick<KoaContextWithOIDC, 'status' | 'body' | 'set'>;

function show(ctx: PageContext, status: number, html: string): void {
  ctx.status = status;
  for (const [name, value] of Object.entries(formPageHeaders())) ctx.set(name, value);
  ctx.body = html;
}

/** The library hands its forms over as HTML; what it hid in them must come back with ours. */
function hiddenValue(form: string, name: string): string {
  return new RegExp(`name="${name}" value="([0-9A-Za-z_-]*)"`).exec(form)?.[1] ?? '';
}

function userCodeOf(error: Error | undefined): string {
  return error !== undefined && 'userCode' in error && typeof error.userCode === 'string' ? error.userCode : '';
}

function oneText(value: string | string[] | undefined): string {
  return typeof value === 'string' ? value : '';
}
