/** What a person chose for this machine with `use`. */
export interface MachineDefaults {
  /** The id of the default provider; null where none was chosen. */
  readonly provider: string | null;
  /** The default account at each provider origin. */
  readonly accounts: ReadonlyMap<string, string>;
  /** The directory bindings that the person vouches for: the file's path, and the hash of its content at that time. */
  readonly trusted: ReadonlyMap<string, string>;
}

/** Where nothing was chosen. */
export const NOTHING_CHOSEN: MachineDefaults = { provider: null, accounts: new Map(), trusted: new Map() };

export interface Settings {
  /** Never throws: a file that is missing is as good as empty, and so is one that cannot be read or understood, which is warned of once. */
  read(): Promise<MachineDefaults>;
  /**
   * Writes what `change` makes of the present defaults, atomically. Two processes at once must be kept apart by the caller.
   * `refused` where the folder does not allow it, or where the file that is there was not understood: it is never overwritten.
   */
  update(change: (before: MachineDefaults) => MachineDefaults): Promise<MachineDefaults>;
}
