/** What `process.getActiveResourcesInfo` calls a connection, and what else it lists of one. */
const CONNECTION = 'TCPSocketWrap';
const PART_OF_ONE = 'SimpleShutdownWrap';

/**
 * Whether a process could end without cutting anything off. `left` is what `process.getActiveResourcesInfo` lists, and `over` how many
 * connections are open still of which nothing is awaited any more: all requests have had their answers.
 */
export function isIdle(left: readonly string[], over: number): boolean {
  const connections = left.filter((name) => name === CONNECTION).length;
  return connections <= over && left.every((name) => name === CONNECTION || (connections > 0 && name === PART_OF_ONE));
}
