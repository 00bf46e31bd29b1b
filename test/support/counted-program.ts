/**
 * Bundled into the program around its adapters: counts what reaches the disk or the network, writes down what it was, and ends the
 * process like a power cut right before or right after the operation that the environment names.
 */
import { appendFileSync } from 'node:fs';
import process from 'node:process';
import type { CredentialStore } from '../../src/model/credential-store.ts';
import type { GrantIndex } from '../../src/model/grant.ts';
import type { Http } from '../../src/model/http.ts';
import type { SecretNotes } from '../../src/model/secret-notes.ts';
import type { KeyFiles } from '../../src/model/key-file.ts';
import type { RotationJournal } from '../../src/model/rotation.ts';

const { COUNTDOWN_TRACE: trace, COUNTDOWN_AT: at, COUNTDOWN_WHEN: when } = process.env;

let operations = 0;

/** Nothing of the program runs after this. */
function die(): void {
  process.kill(process.pid, 'SIGKILL');
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}

async function counted<Result>(what: string, work: () => Promise<Result>): Promise<Result> {
  operations += 1;
  const isMeant = String(operations) === at;
  if (trace !== undefined) appendFileSync(trace, `${what}\n`);
  if (isMeant && when === 'before') die();
  const result = await work();
  if (isMeant && when === 'after') die();
  return result;
}

/** The last word of a note's name: what it keeps. */
const kept = (name: string): string => name.split(':').at(-1) ?? '';

export function countedRotations(real: RotationJournal): RotationJournal {
  return {
    ...real,
    write: (record) => {
      const sink = record.delivered.at(-1);
      const place = record.step === 'proved' && sink !== undefined ? `, ${sink.sink.replace(/:.*/, '')} ${sink.state}` : '';
      return counted(`record: ${record.step}${place}`, () => real.write(record));
    },
    delete: (id) => counted('record: deleted', () => real.delete(id)),
  };
}

export function countedNotes(real: SecretNotes): SecretNotes {
  return {
    ...real,
    write: (name, text, expiresAt) => counted(`note: ${kept(name)}`, () => real.write(name, text, expiresAt)),
    delete: (name) => counted(`note: ${kept(name)} deleted`, () => real.delete(name)),
  };
}

export function countedStore(real: CredentialStore): CredentialStore {
  return {
    ...real,
    write: (address, credential) => counted(`${address.account.startsWith('grant:') ? 'grant' : 'account'}: written`, () => real.write(address, credential)),
  };
}

export function countedGrants(real: GrantIndex): GrantIndex {
  return { ...real, write: (record) => counted('grant: recorded', () => real.write(record)) };
}

export function countedFiles(real: KeyFiles): KeyFiles {
  return { ...real, write: (path, text) => counted(`file: ${path.split('/').at(-1) ?? ''}`, () => real.write(path, text)) };
}

export function countedHttp(real: Http): Http {
  return { ...real, send: (request) => counted(`${request.method} ${new URL(request.url).pathname.replace(/[0-9a-f-]{36}/, 'ID')}`, () => real.send(request)) };
}
