import { checkCompletion } from './completion.ts';
import { checkFolders } from './folders.ts';
import type { CheckDeps, Finding } from './finding.ts';
import { checkBrowser, checkLoopback, checkNode, checkSessionBus } from './machine.ts';
import { checkProxies, checkServers, originsToAsk } from './network.ts';
import { checkPlainKeys } from './plain-keys.ts';
import { checkJournal, checkQueue, checkStores } from './stores.ts';

/**
 * Looks at everything that commands rely on, in a fixed order. What is found wrong is a finding, not a failure. Stores are tried by
 * writing, reading and deleting a mark; beside that nothing is changed. With `offline` no server is asked.
 */
export async function examine(named: string | undefined, network: 'online' | 'offline', deps: CheckDeps): Promise<readonly Finding[]> {
  const origins = await originsToAsk(named, deps);
  // The folders come first: a check that follows may make one that is missing.
  const folders = await checkFolders(deps);
  const parts = await Promise.all([
    checkSessionBus(deps),
    checkStores(deps),
    checkQueue(deps),
    checkJournal(deps),
    checkLoopback(),
    checkProxies(origins, deps),
    network === 'online' ? checkServers(origins, deps) : [],
    checkPlainKeys(deps),
    checkCompletion(deps),
  ]);
  const [bus, stores, queue, journal, loopback, proxies, servers, plainKeys, completion] = parts;
  return [
    ...checkNode(deps),
    ...folders,
    ...bus,
    ...stores,
    ...queue,
    ...journal,
    ...loopback,
    ...checkBrowser(deps),
    ...proxies,
    ...servers,
    ...plainKeys,
    ...completion,
  ];
}
