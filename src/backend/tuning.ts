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
  /** Milliseconds that every answer is held back; 0. */
  readonly latencyMs?: number;
  /** Whether `POST /_faults` is served; false. */
  readonly faultControl?: boolean;
  /** Unix milliseconds; `Date.now`. Decides what has expired. */
  readonly clock?: () => number;
}

export type CompleteTuning = Required<BackendTuning>;

const REFRESH_TOKEN_SECONDS = 30 * 24 * 3600;

export function completeTuning(tuning: BackendTuning): CompleteTuning {
  return {
    accessTokenSeconds: tuning.accessTokenSeconds ?? 3600,
    refreshTokenSeconds: tuning.refreshTokenSeconds ?? REFRESH_TOKEN_SECONDS,
    revocation: tuning.revocation ?? true,
    registration: tuning.registration ?? true,
    advertiseIss: tuning.advertiseIss ?? true,
    latencyMs: tuning.latencyMs ?? 0,
    faultControl: tuning.faultControl ?? false,
    clock: tuning.clock ?? Date.now,
  };
}
