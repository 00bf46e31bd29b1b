import { Refused, type ErrorBody } from '../routes.ts';

/** Nobody says how the vendor words its errors; this shape is assumed. */
export const reminixError: ErrorBody = (_status, code, message) => ({ error: { code, message } });

export function invalid(message: string): Refused {
  return new Refused(400, 'invalid_request', message);
}

export function notFound(message: string): Refused {
  return new Refused(404, 'not_found', message);
}

export function forbidden(message: string, headers: Readonly<Record<string, string>> = {}): Refused {
  return new Refused(403, 'forbidden', message, headers);
}
