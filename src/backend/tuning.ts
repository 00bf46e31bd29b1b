/** What tests and `backend start` may change about the backend. Everything has a default; see `completeTuning`. */
export interface BackendTuning {
  /** Life of an access token in seconds; 3600. */
  readonly accessTokenSeconds?: number;
  /** Life of a refresh token in seconds; 30 days. */
  readonly refreshTokenSeconds?: number;
  /** RFC 7009. True; the real vendor publishes no such endpoint, so false is how it behaves. */
  readonly revocation?: boolean;
  /** RFC 7591. True. */
  readonly registration?: boolean;
  /** RFC 9207: `iss` in the authorization response, and the metadata's word for it. True. */
  readonly advertiseIss?: boolean;
  /** RFC 8628: sign-in with a code on another device. False; the real vendor has no such endpoint. */
  readonly device?: boolean;
  /** Life of a device code in seconds; 600. */
  readonly deviceCodeSeconds?: number;
  /** Seconds between polls that are told to devices and enforced with `slow_down`; 5. With 0 none is told, and none enforced. */
  readonly deviceIntervalSeconds?: number;
  /** RFC 9449: tokens that are bound to a key where the client asks for it. `off`; the real vendor knows no such tokens. */
  readonly dpop?: DpopMode;
  /** What the demo user of minds has paid for until the dashboard says otherwise; `free`. */
  readonly mindsPlan?: MindsPlan;
  /** Milliseconds that every answer is held back; 0. */
  readonly latencyMs?: number;
  /** Requests that one credential may send in an hour, where the realm counts them; 1,000,000. */
  readonly requestsPerHour?: number;
  /** Whether `POST /_faults` is served; false. */
  readonly faultControl?: boolean;
  /** Unix milliseconds; `Date.now`. Decides what has expired. */
  readonly clock?: () => number;
}

/** `nonce-required`: every proof must also carry a nonce of the server (RFC 9449 sections 8 and 9). */
export type DpopMode = 'off' | 'on' | 'nonce-required';

export type MindsPlan = 'free' | 'lite' | 'premium' | 'academic' | 'team';

export type CompleteTuning = Required<BackendTuning>;

const REFRESH_TOKEN_SECONDS = 30 * 24 * 3600;

export function completeTuning(tuning: BackendTuning): CompleteTuning {
  return {
    accessTokenSeconds: tuning.accessTokenSeconds ?? 3600,
    refreshTokenSeconds: tuning.refreshTokenSeconds ?? REFRESH_TOKEN_SECONDS,
    revocation: tuning.revocation ?? true,
    registration: tuning.registration ?? true,
    advertiseIss: tuning.advertiseIss ?? true,
    device: tuning.device ?? false,
    deviceCodeSeconds: tuning.deviceCodeSeconds ?? 600,
    deviceIntervalSeconds: tuning.deviceIntervalSeconds ?? 5,
    dpop: tuning.dpop ?? 'off',
    mindsPlan: tuning.mindsPlan ?? 'free',
    latencyMs: tuning.latencyMs ?? 0,
    requestsPerHour: tuning.requestsPerHour ?? 1_000_000,
    faultControl: tuning.faultControl ?? false,
    clock: tuning.clock ?? Date.now,
  };
}
