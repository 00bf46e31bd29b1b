/** What the backend takes to verify a key, by how many keys it has. */
import { mkdir } from 'node:fs/promises';
import { Agent, get } from 'node:http';

import { fromSources } from '../ground.mjs';
import { median, spreadOf } from '../pairs.mjs';
import { row } from '../row.mjs';

const SECTION = 'The backend verifies a key';

const VERIFIED = 403;
const UNKNOWN = 401;

/** Node compiles what runs often only after a while. */
const WARM_UPS = 5;

export async function verifyRows({ ground, size, chart }) {
  const { startBackend, fillAgntix, AGNTIX_KEY } = await fromSources(ground, ['src/backend/start.ts', 'test/support/many-keys.ts']);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  ground.closing.push(() => agent.destroy());
  const realms = [];
  for (const count of size.verified) {
    const dataDir = ground.at(`backend-${count}`);
    await mkdir(dataDir);
    await fillAgntix(dataDir, count);
    const backend = await startBackend({ realms: ['agntix'], dataDir, port: 0 }, { requestsPerHour: 1_000_000_000 });
    ground.closing.push(() => backend.stop());
    realms.push({ count, url: `${backend.realm('agntix').origin}/v1/chat/agents`, times: [] });
  }
  /** The status of one request with a key. */
  const ask = (url, key) =>
    new Promise((resolve, reject) => {
      get(url, { agent, headers: { 'x-api-key': key } }, (reply) => reply.resume().on('end', () => resolve(reply.statusCode))).on('error', reject);
    });
  /** Milliseconds of one request, the mean of a few in a row. The key is verified, and then may not list agents, so that nothing else is done. */
  const measure = async ({ url }) => {
    const started = performance.now();
    for (let number = 0; number < size.verifyBatch; number += 1) {
      const status = await ask(url, AGNTIX_KEY);
      if (status !== VERIFIED) throw new Error(`the backend answered ${status}`);
    }
    return (performance.now() - started) / size.verifyBatch;
  };
  const status = await ask(realms[0].url, AGNTIX_KEY.replace('a1', 'b2'));
  if (status !== UNKNOWN) throw new Error(`the backend answered ${status} to a key that it does not know`);
  for (let round = 0; round < WARM_UPS; round += 1) for (const realm of realms) await measure(realm);
  for (let round = 0; round < size.pairs; round += 1) {
    for (const realm of round % 2 === 0 ? realms : realms.toReversed()) realm.times.push(await measure(realm));
  }
  const [fewest, most] = [realms[0], realms.at(-1)];
  const ratio = spreadOf(most.times.map((ms, round) => ms / fewest.times[round]));
  const name = (count) => count.toLocaleString('en');
  chart('verify.svg', {
    title: 'A key verified, by how many keys there are',
    across: 'keys',
    up: 'ms for one request',
    lines: [{ name: 'one request', points: realms.map(({ count, times }) => [count, median(times)]) }],
  });
  return [
    row(SECTION, `with ${name(most.count)} keys, against ${name(fewest.count)}`, 'x', ratio, {
      most: 1.3,
      detail: `${median(most.times).toFixed(3)} ms against ${median(fewest.times).toFixed(3)} ms, request and all`,
    }),
    ...realms.map(({ count, times }) => row('Growth: verify', `${name(count)} keys: one request`, 'ms', spreadOf(times))),
  ];
}
