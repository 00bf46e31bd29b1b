import { isObject } from './json.ts';
import { inFamily } from './stats.ts';

/** Something that goes wrong on purpose. */
export type Fault =
  /** Waits, then answers properly. */
  | { readonly kind: 'slow'; readonly ms: number }
  /** This status in place of the work. `code` and `message` go into the realm's error body; `body` replaces it. */
  | { readonly kind: 'status'; readonly status: number; readonly code?: string; readonly message?: string; readonly body?: unknown }
  /** The connection ends before anything was done. */
  | { readonly kind: 'drop-before' }
  /** Everything was done and nobody hears of it. */
  | { readonly kind: 'drop-after' }
  /** 429; `retryAfter` in seconds, or text as it is (an HTTP date), or absent. */
  | { readonly kind: 'rate-limit'; readonly retryAfter?: number | string }
  /** 200 with a web page, as captive portals and proxies send it. */
  | { readonly kind: 'html' }
  /** `cut`: the connection ends in the middle of the body. `broken`: a whole body that is not whole JSON. */
  | { readonly kind: 'half-json'; readonly how: 'cut' | 'broken' }
  /** 200 (or `status`) with this JSON in place of the work. */
  | { readonly kind: 'wrong-type'; readonly body: unknown; readonly status?: number }
  /** 302 (or `status`) to `to`. */
  | { readonly kind: 'redirect'; readonly to: string; readonly status?: number }
  /** 200 with a JSON body of so many megabytes. */
  | { readonly kind: 'huge'; readonly megabytes: number };

export interface FaultQueue {
  /** The next `times` (1) requests to `route`, or to its family (`token`, `keys`, `*`), meet `fault`. First in, first out. */
  next(route: string, fault: Fault, options?: { readonly times?: number }): void;
  clear(): void;
}

export interface FaultSource extends FaultQueue {
  take(route: string): Fault | undefined;
}

export function faultSource(): FaultSource {
  const waiting: Array<{ readonly route: string; readonly fault: Fault; left: number }> = [];
  return {
    next: (route, fault, options) => void waiting.push({ route, fault, left: options?.times ?? 1 }),
    clear: () => void waiting.splice(0),
    take(route) {
      const index = waiting.findIndex((entry) => inFamily(route, entry.route));
      const entry = waiting[index];
      if (entry === undefined) return undefined;
      entry.left -= 1;
      if (entry.left <= 0) waiting.splice(index, 1);
      return entry.fault;
    },
  };
}

export type FaultOrder = { readonly route: string; readonly fault: Fault; readonly times: number };

/** Reads the body of `POST /_faults`: `{"route":"keys.list","fault":{"kind":"slow","ms":200},"times":2}`. Undefined where it is not one. */
export function readFaultOrder(body: unknown): FaultOrder | undefined {
  if (!isObject(body) || typeof body['route'] !== 'string') return undefined;
  const times = body['times'] ?? 1;
  const fault = readFault(body['fault']);
  if (fault === undefined || typeof times !== 'number' || !Number.isInteger(times) || times < 1) return undefined;
  return { route: body['route'], fault, times };
}

const MAX_HUGE_MEGABYTES = 64;

function readFault(value: unknown): Fault | undefined {
  if (!isObject(value)) return undefined;
  const { kind, ms, status, code, message, body, retryAfter, how, to, megabytes } = value;
  const statusPart = isStatus(status) ? { status } : {};
  switch (kind) {
    case 'slow':
      return typeof ms === 'number' && ms >= 0 ? { kind, ms } : undefined;
    case 'status':
      if (!isStatus(status)) return undefined;
      return {
        kind,
        status,
        ...(typeof code === 'string' ? { code } : {}),
        ...(typeof message === 'string' ? { message } : {}),
        ...('body' in value ? { body } : {}),
      };
    case 'drop-before':
    case 'drop-after':
    case 'html':
      return { kind };
    case 'rate-limit':
      if (retryAfter === undefined) return { kind };
      return typeof retryAfter === 'number' || (typeof retryAfter === 'string' && /^[\x20-\x7e]*$/.test(retryAfter)) ? { kind, retryAfter } : undefined;
    case 'half-json':
      return { kind, how: how === 'broken' ? 'broken' : 'cut' };
    case 'wrong-type':
      return { kind, body, ...statusPart };
    case 'redirect':
      return typeof to === 'string' && /^[\x21-\x7e]+$/.test(to) ? { kind, to, ...statusPart } : undefined;
    case 'huge':
      return typeof megabytes === 'number' && megabytes > 0 && megabytes <= MAX_HUGE_MEGABYTES ? { kind, megabytes } : undefined;
    default:
      return undefined;
  }
}

function isStatus(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 200 && value <= 599;
}
