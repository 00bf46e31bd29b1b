/** What the command line of a bridge says: which grant it carries, and what clients do not hand on in the environment. */
export interface BridgeCall {
  readonly provider: string;
  readonly grant: string;
  /** The address of the session bus (D-Bus specification, "Server Addresses"), where it is not the usual one. */
  readonly dbus: string | undefined;
  /** The folders of records and of the encrypted file, absolute, where they are not the usual ones. */
  readonly state: string | undefined;
  readonly data: string | undefined;
}

/** Carries MCP between standard input and output and the server of a grant. Resolves when the client has gone; what fails on the way is told to the client. */
export type Bridge = (call: BridgeCall) => Promise<void>;
