export interface BackendOptions {
  /** Realm ids; empty means all there are. */
  readonly realms: readonly string[];
  /** Keep data in this folder; undefined keeps it in memory. */
  readonly dataDir: string | undefined;
  /** Fixed port of the first realm, the next ones follow; 0 for any. */
  readonly port: number;
  /** What it offers beyond the real vendors: sign-in by code (RFC 8628), and tokens bound to a key (RFC 9449). Nothing of it unless said. */
  readonly features?: { readonly device?: boolean; readonly dpop?: 'off' | 'on' | 'nonce-required' };
}

export interface RunningBackend {
  readonly realms: ReadonlyArray<{ readonly id: string; readonly origin: string }>;
  stop(): Promise<void>;
}

export interface BackendLauncher {
  start(options: BackendOptions): Promise<RunningBackend>;
}
