import { randomUUID } from 'node:crypto';

import { Refused, type ErrorBody } from '../routes.ts';

/** Every failure has a number of its own, to be quoted to the vendor's support. */
export const agntixError: ErrorBody = (_status, code, message) => ({ error: { code, message, requestId: `req_${randomUUID()}` } });

export function invalid(message: string): Refused {
  return new Refused(400, 'invalid_request', message);
}

/** JSON as it should be, with something in it that will not do. */
export function unprocessable(message: string): Refused {
  return new Refused(422, 'validation_error', message);
}
