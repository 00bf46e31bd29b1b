import { variable } from '../../model/env.ts';
import { isFailure } from '../../model/failure.ts';
import { knownProviders } from '../../providers/registry.ts';
import { plainText } from '../../render/plain-text.ts';
import { decideAddress } from '../decision/address.ts';
import { type CheckDeps, type Finding, ok, problem, warning } from './finding.ts';

/** For all servers together: they are asked at the same time. */
const LIMIT_MS = 5_000;

/** Signatures and expiries are judged with about a minute of tolerance by most servers. */
const MOST_SKEW_MS = 60_000;

const host = (origin: string): string => plainText(new URL(origin).host, 100);

/** The origins that matter here: those with a sign-in, and those of providers that are named by a flag or by a variable. */
export async function originsToAsk(
  named: string | undefined,
  deps: Pick<CheckDeps, 'accounts' | 'env' | 'definitions' | 'output'>,
): Promise<readonly string[]> {
  const records = (await deps.accounts.list()).filter(({ provider }) => named === undefined || provider === named);
  const meant = (await knownProviders(deps)).filter(
    ({ id, envPrefix }) =>
      id === named || (named === undefined && [`${envPrefix}_API_KEY`, `${envPrefix}_API_URL`].some((name) => variable(deps.env, name) !== undefined)),
  );
  const addresses = meant.flatMap((provider) => {
    const { outcome } = decideAddress(provider, deps.env);
    return outcome.kind === 'failed' ? [] : [outcome.place.origin];
  });
  return [...new Set([...records.map(({ origin }) => origin), ...addresses])].sort();
}

function clockFinding(origin: string, date: string | undefined, now: number): readonly Finding[] {
  const theirs = Date.parse(date ?? '');
  if (Number.isNaN(theirs)) return [];
  const skew = now - theirs;
  if (Math.abs(skew) <= MOST_SKEW_MS) return [ok('clock', `The clock agrees with that of ${host(origin)}.`)];
  const far = `${Math.round(Math.abs(skew) / 1000)} seconds ${skew > 0 ? 'ahead of' : 'behind'}`;
  return [
    warning(
      'clock',
      `The clock is ${far} that of ${host(origin)}, so that tokens seem expired or not yet valid.`,
      'Let the system set its clock by the network.',
    ),
  ];
}

async function askOrigin(origin: string, deps: Pick<CheckDeps, 'http' | 'clock'>): Promise<readonly Finding[]> {
  try {
    const reply = await deps.http.send({ method: 'HEAD', url: `${origin}/`, totalMs: LIMIT_MS, retry: 'never' });
    return [ok('provider-reachable', `${host(origin)} answers.`), ...clockFinding(origin, reply.headers['date'], deps.clock.now())];
  } catch (thrown) {
    if (!isFailure(thrown) || thrown.code === 'cancelled') throw thrown;
    const fix = thrown.hint ?? 'Check the network and the address, then try again.';
    // It answers, but with a redirect elsewhere or with something that is no answer: that may be a sign-in page of the network in between.
    if (thrown.code === 'unexpected-answer') return [warning('provider-reachable', `${host(origin)} answers in an odd way: ${thrown.detail}`, fix)];
    return [problem('provider-reachable', `${host(origin)} cannot be reached (${thrown.code}): ${thrown.detail}`, fix)];
  }
}

/** Asks every origin once, all at the same time, for five seconds at most. */
export async function checkServers(origins: readonly string[], deps: Pick<CheckDeps, 'http' | 'clock'>): Promise<readonly Finding[]> {
  return (await Promise.all(origins.map((origin) => askOrigin(origin, deps)))).flat();
}

/** Which proxies requests would go through, by host alone. */
export async function checkProxies(origins: readonly string[], deps: Pick<CheckDeps, 'system' | 'definitions' | 'output'>): Promise<readonly Finding[]> {
  const addresses = [...new Set([...origins, ...(await knownProviders(deps)).map(({ baseUrl }) => new URL(baseUrl).origin)])];
  const facts = await Promise.all(addresses.map((address) => deps.system.proxyFor(address)));
  const found = new Map<string, Finding>();
  for (const each of facts) {
    if (each.kind === 'proxy') {
      const what = `Requests go through the proxy ${plainText(each.host, 100)}, which ${each.variable} names.`;
      found.set(what, ok('proxy', what));
    }
    if (each.kind === 'unusable') found.set(each.detail, problem('proxy', each.detail, 'Set it to http://host:port or https://host:port, or unset it.'));
  }
  return found.size > 0 ? [...found.values()] : [ok('proxy', 'No proxy is used.')];
}
