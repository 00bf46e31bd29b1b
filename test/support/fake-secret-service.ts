import { once } from 'node:events';
import { connect } from 'node:net';
import process from 'node:process';
import { encodeMessage, MESSAGE_TYPE, takeMessages } from '../../src/adapters/keychain/bus/message.ts';
import type { BusMessage } from '../../src/adapters/keychain/bus/message.ts';
import type { BusValue } from '../../src/adapters/keychain/bus/signature.ts';

/** What the service answers to a method: a signature and its values, or `silence`. */
export type FakeAnswer = readonly [signature: string, values: readonly BusValue[]] | 'silence';

export interface FakeSecretService {
  /** The methods that were called, in order. */
  readonly calls: string[];
  stop(): void;
}

/**
 * A program on the bus that owns org.freedesktop.secrets and behaves as `answer` says, by the name of the method.
 * `socket` is where the bus listens.
 */
export async function startFakeSecretService(socket: string, answer: (member: string) => FakeAnswer): Promise<FakeSecretService> {
  const calls: string[] = [];
  const connection = connect({ path: socket });
  connection.on('error', () => undefined);
  await once(connection, 'connect');
  const owned = new Promise<void>((resolve) => {
    let arrived: Buffer = Buffer.alloc(0);
    let greeted = false;
    connection.on('data', (chunk: Buffer) => {
      arrived = Buffer.concat([arrived, chunk]);
      if (!greeted) {
        greeted = true;
        arrived = arrived.subarray(arrived.indexOf('\r\n') + 2);
      }
      const taken = takeMessages(arrived);
      arrived = taken.rest;
      for (const message of taken.messages) {
        if (message.replySerial === 2) resolve();
        if (message.type === MESSAGE_TYPE.call) serve(message);
      }
    });
  });

  function serve(message: BusMessage): void {
    const member = message.member ?? '';
    calls.push(member);
    const answered = answer(member);
    if (answered === 'silence') return;
    const [signature, body] = answered;
    connection.write(
      encodeMessage({
        type: MESSAGE_TYPE.reply,
        flags: 1,
        serial: 100 + calls.length,
        replySerial: message.serial,
        destination: message.sender ?? '',
        signature,
        body,
      }),
    );
  }

  const bus = { type: MESSAGE_TYPE.call, flags: 0, destination: 'org.freedesktop.DBus', path: '/org/freedesktop/DBus', interface: 'org.freedesktop.DBus' };
  connection.write(`\0AUTH EXTERNAL ${Buffer.from(String(process.getuid?.() ?? 0)).toString('hex')}\r\nBEGIN\r\n`);
  connection.write(encodeMessage({ ...bus, serial: 1, member: 'Hello', body: [] }));
  connection.write(encodeMessage({ ...bus, serial: 2, member: 'RequestName', signature: 'su', body: ['org.freedesktop.secrets', 4] }));
  await owned;
  return { calls, stop: () => connection.destroy() };
}
