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

export interface Lock {
  /**
   * Waits until this process holds the lock called `name` on this machine. That a holder lives is proved by the kernel.
   * A dead holder's lock is taken over.
   */
  acquire(name: string, options: LockOptions): Promise<HeldLock>;
}
