import type { HttpReply } from '../model/http.ts';

/** RFC 8628 section 3.2: "If no value is provided, clients MUST use 5 as the default." */
const DEFAULT_INTERVAL_S = 5;
/** A server that is content with less is asked every second; one that wants more is asked every minute. */
const SHORTEST_INTERVAL_S = 1;
const LONGEST_INTERVAL_S = 60;

/** `expires_in` is required; for one that is missing or makes no sense we wait as long as for a browser. */
const DEFAULT_EXPIRY_S = 300;
/** Known servers give 15 to 30 minutes. Nobody confirms a sign-in hours later, and no program should wait for it. */
const LONGEST_EXPIRY_S = 3_600;

/** The reply of a device authorization endpoint, with times that can be waited for. Anything else than such a reply is left as it is. */
export function forgivingDeviceReply(reply: HttpReply): HttpReply {
  let fields: unknown;
  try {
    fields = JSON.parse(reply.body);
  } catch {
    return reply;
  }
  if (typeof fields !== 'object' || fields === null || !('device_code' in fields)) return reply;
  const expiry = positive('expires_in' in fields ? fields.expires_in : undefined) ?? DEFAULT_EXPIRY_S;
  const interval = positive('interval' in fields ? fields.interval : undefined) ?? DEFAULT_INTERVAL_S;
  const body = {
    ...fields,
    expires_in: Math.min(expiry, LONGEST_EXPIRY_S),
    interval: Math.min(Math.max(interval, SHORTEST_INTERVAL_S), LONGEST_INTERVAL_S),
  };
  return { ...reply, body: JSON.stringify(body) };
}

function positive(value: unknown): number | undefined {
  const number = typeof value === 'number' || (typeof value === 'string' && value.trim() !== '') ? Number(value) : Number.NaN;
  return Number.isFinite(number) && number > 0 ? number : undefined;
}
