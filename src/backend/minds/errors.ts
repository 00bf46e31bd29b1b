import { STATUS_CODES } from 'node:http';

import { Refused, type ErrorBody } from '../routes.ts';

/** As the vendor's docs print a 401: three fields. Every other failure also says `error: true`, as its framework does. */
export const mindsError: ErrorBody = (status, _code, message) => ({
  ...(status === 401 ? {} : { error: true }),
  statusCode: status,
  statusMessage: STATUS_CODES[status] ?? '',
  message,
});

export function invalid(message: string): Refused {
  return new Refused(400, 'invalid_request', message);
}
