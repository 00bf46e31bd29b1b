import { writeSync } from 'node:fs';
import { pathsBy } from './adapters/path-rules.ts';
import { remembered } from './adapters/remembered.ts';
import { isAccountName, isProviderId } from './model/names.ts';
import { REMEMBERED } from './model/remembered.ts';
import { plainText } from './render/plain-text.ts';

/*
 * The third composition root: what a completion script starts at the Tab key, with a person waiting. It reads small files and nothing else;
 * no store, no lock and no network, and whatever goes wrong, it says nothing and ends well, since the line that is being typed is on the screen.
 */

/** Longest description; shells cut what does not fit beside a value. */
const LONGEST = 60;

/** How often a full pipe is tried again, and the pause before it. */
const TRIES = 200;
const PAUSE_MS = 5;

/** Needs no cleaning. The rules for what does are long, and reading them takes longer than everything else here. */
const PLAIN = /^[ -~]{0,60}$/;

const described = (about: string): string => (PLAIN.test(about) ? about : plainText(about, LONGEST));

interface Call {
  readonly provider: string | undefined;
  readonly account: string | undefined;
  readonly prefix: string;
}

/** Reads `[--provider ID] [--account NAME] [--] [PREFIX]`. Undefined for anything else. */
function readCall(words: readonly string[]): Call | undefined {
  let provider: string | undefined;
  let account: string | undefined;
  let at = 0;
  for (; at + 1 < words.length; at += 2) {
    const [flag, value = ''] = words.slice(at, at + 2);
    if (flag === '--provider' && isProviderId(value)) provider = value;
    else if (flag === '--account' && isAccountName(value)) account = value;
    else break;
  }
  if (words[at] === '--') at += 1;
  return words.length - at > 1 ? undefined : { provider, account, prefix: words[at] ?? '' };
}

function write(text: string): void {
  let rest = Buffer.from(text, 'utf8');
  for (let tries = 0; rest.length > 0 && tries < TRIES; tries += 1) {
    try {
      rest = rest.subarray(writeSync(1, rest));
    } catch (thrown) {
      if (!(thrown instanceof Error && 'code' in thrown && thrown.code === 'EAGAIN')) return;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
    }
  }
}

/** Answers `keywright __complete KIND ...`: a line `value<TAB>description` for each of what there is, and nothing where that cannot be told. */
export function start([kind, ...words]: readonly string[]): void {
  try {
    const known = REMEMBERED.find((each) => each === kind);
    const call = readCall(words);
    if (known === undefined || call === undefined) return;
    // The password database may be on the network, and is not asked: where no variable names a home folder, nothing is offered.
    const home = process.env['HOME'] || process.env['USERPROFILE'];
    if (home === undefined || home === '') return;
    const places = pathsBy(process.env, process.platform, () => home);
    const lines = remembered({ ...call, kind: known, now: Date.now() }, call.prefix, places).map(({ value, about }) => `${value}\t${described(about)}\n`);
    if (lines.length > 0) write(lines.join(''));
  } catch {
    // There is nobody to tell, and nothing to offer.
  }
}
