/**
 * `npm run demo`: the main job from sign-in to a refused key, with the built program against the local backend, printed as
 * a transcript. Everything happens in a folder that is deleted at the end; it needs no display, no keychain and no account.
 */
import process from 'node:process';

import { openStage, PROGRAM, runToEnd } from './stage.mjs';

const say = (text) => process.stdout.write(text);
const indented = (text) => text.replace(/^(?=.)/gm, '    ');

const shorten = (text) =>
  text
    .replace(/mxk_[0-9a-f]{8,}/g, (key) => `${key.slice(0, 8)}... (shown whole in real life)`)
    .replace(/([?&](?:state|code_challenge|client_id|code)=)[^&\s]+/g, '$1...');

/** Runs the program to its end and prints the command with what it said. A key is cut short, since a transcript is kept. */
async function keywright(env, words, { extra = {}, expect = 0, shown = words, silent = false } = {}) {
  let both = '';
  const { code, stdout } = await runToEnd(process.execPath, [PROGRAM, ...words], { env: { ...env, ...extra }, onText: (text) => (both += text) });
  if (!silent)
    say(
      `$ ${Object.keys(extra).length > 0 ? 'MEMAX_API_KEY=$KEY ' : ''}keywright ${shown.join(' ')}\n${indented(shorten(both))}${code === 0 ? '' : `    (exit ${code})\n`}\n`,
    );
  if (code !== expect) throw new Error(`"keywright ${shown.join(' ')}" ended with ${code} where ${expect} was expected.\n${shorten(both)}`);
  return stdout;
}

let stage;
try {
  say('# The local backend stands in for the provider: a real OAuth server and the real API, on this machine only.\n$ keywright backend start memax\n');
  stage = await openStage('demo');
  const { env, address } = stage;

  /** A call to the API as any program makes it. */
  const call = async (key) => {
    const response = await fetch(`${address}/v1/memories`, { headers: { authorization: `Bearer ${key}` } });
    await response.body?.cancel();
    return response.status;
  };

  say(`\n$ export MEMAX_API_URL=${address}\n\n# Sign in through the browser. Here a small program clicks "Continue" and "Allow" on the real pages.\n`);
  await keywright(env, ['login', 'memax']);
  await keywright(env, ['whoami']);

  say('# A key for a pipeline. The key is alone on stdout, so that a variable or a file can take it.\n');
  const key = (await keywright(env, ['auth', 'create-key', 'ci-deploy', '--scope', 'read', '--expires', '90d'])).trim();
  say(`# A call made with the key, as any program would make it:\n$ GET /v1/memories   (Authorization: Bearer $KEY)\n    ${await call(key)}\n\n`);
  await keywright(env, ['whoami'], { extra: { MEMAX_API_KEY: key } });
  await keywright(env, ['auth', 'list-keys']);

  const [{ id }] = JSON.parse(await keywright(env, ['auth', 'list-keys', '--json'], { silent: true }));
  await keywright(env, ['auth', 'revoke-key', id]);
  const after = await call(key);
  say(`# The same call with the revoked key:\n$ GET /v1/memories   (Authorization: Bearer $KEY)\n    ${after}\n\n`);
  if (after !== 401) throw new Error('The revoked key still worked.');
  await keywright(env, ['whoami'], { extra: { MEMAX_API_KEY: key }, expect: 4 });
  await keywright(env, ['logout', 'memax']);
  say('# Nothing is left: the session is revoked and forgotten.\n');
} catch (thrown) {
  process.stderr.write(`\nThe demo failed: ${thrown instanceof Error ? thrown.message : String(thrown)}\n`);
  process.exitCode = 1;
} finally {
  await stage?.close();
}
