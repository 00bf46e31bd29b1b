/**
 * A program with nothing but the keychain store in it, for tests that need a process of their own.
 * Usage: program read|write ACCOUNT [LIMIT_MS]. `write` stores a key whose value is made of the account's name.
 * It prints what it read, or the code of the failure.
 */
import { writeSync } from 'node:fs';
import process from 'node:process';
import { createClock } from '../../src/adapters/clock.ts';
import { createRandom } from '../../src/adapters/random.ts';
import { createKeychainStore } from '../../src/adapters/keychain/store.ts';
import { LIMITS } from '../../src/adapters/keychain/world.ts';
import { isFailure } from '../../src/model/failure.ts';
import { Secret } from '../../src/model/secret.ts';

const [operation, account = '', limitMs] = process.argv.slice(2);
const address = { origin: 'https://api.example', account };
const store = createKeychainStore(
  {
    platform: process.platform,
    uid: process.getuid?.() ?? 0,
    env: process.env,
    clock: createClock(),
    random: createRandom(),
    childEntry: '/no/such/program',
    mayPrompt: false,
    note: () => undefined,
    lastWords: (failure) => void writeSync(2, `last words: ${failure.code}\n`),
  },
  { limits: limitMs === undefined ? LIMITS : { ...LIMITS, call: Number(limitMs) } },
);

async function work(): Promise<string> {
  if (operation === 'write') {
    await store.write(address, { kind: 'key', key: new Secret(`value of ${account} ${'x'.repeat(1_500)}`), obtainedAt: 1 });
    return 'written';
  }
  const credential = await store.read(address);
  if (credential === undefined) return 'absent';
  return credential.kind === 'key' ? credential.key.reveal() : credential.kind;
}

void work().then(
  (text) => void writeSync(1, `${text}\n`),
  (thrown: unknown) => void writeSync(1, `${isFailure(thrown) ? thrown.code : String(thrown)}\n`),
);
