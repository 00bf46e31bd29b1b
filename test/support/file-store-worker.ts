import { createClock } from '../../src/adapters/clock.ts';
import { createEncryptedFileStore } from '../../src/adapters/encrypted-file/store.ts';
import { createLock } from '../../src/adapters/lock/lock.ts';
import { createRandom } from '../../src/adapters/random.ts';
import { isFailure } from '../../src/model/failure.ts';
import { Secret } from '../../src/model/secret.ts';

/**
 * A process that writes to the encrypted file store: `DATA LOCKS ACCOUNT LENGTH` writes one key of that length and says `written`, or the
 * failure as JSON. `DATA LOCKS NAME forever` writes the accounts NAME-0, NAME-1 ... and says each when it is durable, until it is killed.
 */
const [dir = '', locks = '', account = '', length = ''] = process.argv.slice(2);
const random = createRandom();
const store = createEncryptedFileStore({
  dir,
  env: process.env,
  uid: process.getuid?.() ?? null,
  random,
  lock: createLock({ dir: locks, clock: createClock(), random, platform: process.platform }),
  askPassphrase: undefined,
});

const write = (name: string, size: number): Promise<void> =>
  store.write({ origin: 'https://api.example', account: name }, { kind: 'key', key: new Secret('k'.repeat(size)), obtainedAt: 1 });

if (length === 'forever') {
  for (let count = 0; ; count += 1) {
    await write(`${account}-${count}`, 20);
    process.stdout.write(`${account}-${count}\n`);
  }
} else {
  try {
    await write(account, Number(length));
    process.stdout.write('written\n');
  } catch (error) {
    process.stdout.write(isFailure(error) ? `${JSON.stringify({ code: error.code, detail: error.detail })}\n` : String(error));
  }
}
