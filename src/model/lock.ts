export interface LockOptions {
  /** Milliseconds to wait for a living holder before `timed-out`. */
  readonly waitMs: number;
  readonly signal?: AbortSignal;
}

export interface HeldLock {
  /** Throws `refused` when the lock is no longer ours; call it before every step that must not be taken twice. */
  stillOurs(): Promise<void>;
  release(): Promise<void>;
}

/** What became of the wish for a lock that may turn out not to be needed. */
export type Acquired<Found> = { readonly kind: 'held'; readonly held: HeldLock } | { readonly kind: 'found'; readonly found: Found };

export interface Lock {
  /**
   * Waits until this process holds the lock called `name` on this machine. That a holder lives is proved by the kernel.
   * A dead holder's lock is taken over.
   */
  acquire(name: string, options: LockOptions): Promise<HeldLock>;
  /**
   * As `acquire`, for a lock that is needed only until somebody has done the work. Each time that a holder whom we waited for has gone,
   * `look` is asked, without the lock, before we try to take it; what it finds ends the wait, and undefined goes on. It
   * is not asked where nobody had to be waited for, and must not throw.
   */
  acquireUnless<Found>(name: string, options: LockOptions, look: () => Promise<Found | undefined>): Promise<Acquired<Found>>;
}
