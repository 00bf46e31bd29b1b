/** One request on loopback, start to end: with the key in a variable, over http and over https. */
import { pairs } from '../pairs.mjs';
import { writePrograms } from '../programs.mjs';
import { cannot, ratioRow, row } from '../row.mjs';
import { makeCertificate, startServer } from '../server.mjs';

const SECTION = 'One request, against bare Node';

const MEMORY_MB = 45;

export async function requestRows({ ground, size }) {
  const programs = await writePrograms(ground);
  const rows = [];
  const measure = async (scheme, server, more, most) => {
    const env = { ...ground.env.brought, ...more, MEMAX_API_URL: server.origin };
    const smallest = [ground.node, programs('one-request.cjs'), `${server.origin}/v1/auth/me`, 'authorization', `Bearer ${ground.key}`];
    const floor = await pairs(size.pairs, ground.bare, () => ground.stopwatch.run({ words: smallest, env }));
    for (const [name, words] of [
      ['whoami', ['whoami']],
      ['auth list-keys of 20 keys', ['auth', 'list-keys']],
    ]) {
      const paired = await pairs(size.pairs, ground.bare, () => ground.ours(words, env));
      rows.push(ratioRow(SECTION, `${name}, over ${scheme}`, paired, { most }));
      if (scheme === 'http') rows.push(row('Memory, with one request', `${name}, over http`, 'MB', paired.rssMb, { most: MEMORY_MB }));
    }
    rows.push(ratioRow(SECTION, `floor: the smallest program with one request, over ${scheme}`, floor));
  };
  const plain = await startServer();
  ground.closing.push(plain.stop);
  await measure('http', plain, {}, 1.8);
  const most = ground.version === 20 ? 3.8 : undefined;
  const budget = most === undefined ? 'at most 3.80 on Node 20' : undefined;
  try {
    const secure = await startServer({ secure: makeCertificate(ground.home) });
    ground.closing.push(secure.stop);
    // The certificate is not verified, since the only way to make Node trust it is the variable that is unset here; Node loads its roots all the same.
    await measure('https', secure, { NODE_TLS_REJECT_UNAUTHORIZED: '0', NODE_NO_WARNINGS: '1' }, most);
  } catch (thrown) {
    rows.push(cannot(SECTION, 'whoami and auth list-keys, over https', String(thrown?.message ?? thrown), budget));
  }
  return rows;
}
