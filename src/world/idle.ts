/** What `process.getActiveResourcesInfo` calls a connection, and what else it lists of one that is being ended. */
const CONNECTION = 'TCPSocketWrap';
const END_OF_ONE = 'SimpleShutdownWrap';

/**
 * The standard streams and sockets of this machine, listed for as long as they are there, while what is still to be written to one has a name of
 * its own; and a file that is being closed, or was: that is listed until somebody collects the garbage.
 */
const OVER: ReadonlySet<string> = new Set(['PipeWrap', 'TTYWrap', 'CloseReq']);

/**
 * Whether a process could end without cutting anything off. `left` is what `process.getActiveResourcesInfo` lists, and `over` how many
 * connections stand of which nothing is awaited any more: all requests have had their answers.
 */
export function isIdle(left: readonly string[], over: number): boolean {
  const connections = left.filter((name) => name === CONNECTION).length;
  return connections <= over && left.every((name) => name === CONNECTION || OVER.has(name) || (connections > 0 && name === END_OF_ONE));
}
