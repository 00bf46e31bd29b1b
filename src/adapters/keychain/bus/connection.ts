import { connect, type Socket } from 'node:net';
import { encodeMessage, MESSAGE_TYPE, takeMessages } from './message.ts';
import type { BusMessage } from './message.ts';
import type { BusValue } from './signature.ts';

/** What to ask whom. `signature` describes `body`. */
export interface BusCall {
  readonly destination: string;
  readonly path: string;
  readonly interface: string;
  readonly member: string;
  readonly signature: string;
  readonly body: readonly BusValue[];
}

/** `lost`: the connection ended, was refused, or said something that is no D-Bus. */
export type BusReply =
  { readonly kind: 'reply'; readonly values: readonly BusValue[] } | { readonly kind: 'error'; readonly name: string } | { readonly kind: 'lost' };

export interface Bus {
  /** Sends at once, without waiting for earlier answers. Never starts a service that does not run. Never throws. */
  call(call: BusCall): Promise<BusReply>;
}

/** D-Bus specification, "Message Format": NO_AUTO_START. A question must not start a keychain that then shows a prompt. */
const NO_AUTO_START = 0x2;

/** What is read at once; a longer reply comes in pieces. */
const READ_BYTES = 16_384;

const HELLO: BusCall = {
  destination: 'org.freedesktop.DBus',
  path: '/org/freedesktop/DBus',
  interface: 'org.freedesktop.DBus',
  member: 'Hello',
  signature: '',
  body: [],
};

/** A connection that is being made. `close` ends it at any time: `bus` is then undefined, or its questions are `lost`. */
export interface OpeningBus {
  /** Undefined where no socket accepts. Never rejects. */
  readonly bus: Promise<Bus | undefined>;
  close(): void;
}

/**
 * Connects to the first of these sockets that accepts, signs in as `uid` (AUTH EXTERNAL: the kernel tells the bus who we are)
 * and says Hello. Sign-in and questions are sent without waiting for one another, as the systemd client does, so that a whole
 * question costs as few turns as it has steps.
 */
export function openBus(sockets: readonly string[], uid: number): OpeningBus {
  const current: { socket?: Socket; closed: boolean } = { closed: false };
  return {
    bus: connectFirst(sockets, uid, current),
    close: () => {
      current.closed = true;
      current.socket?.destroy();
    },
  };
}

async function connectFirst(sockets: readonly string[], uid: number, current: { socket?: Socket; closed: boolean }): Promise<Bus | undefined> {
  for (const path of sockets) {
    if (current.closed) return undefined;
    const { socket, bus } = connectTo(path, uid);
    current.socket = socket;
    if (await accepted(socket)) return bus;
  }
  return undefined;
}

function accepted(socket: Socket): Promise<boolean> {
  return new Promise((resolve) => {
    socket.once('connect', () => resolve(true));
    // An error is always followed by `close`; without a listener it would end the process.
    socket.on('error', () => resolve(false));
    socket.once('close', () => resolve(false));
  });
}

/** Questions may be put once the socket has accepted. */
function connectTo(path: string, uid: number): { readonly socket: Socket; readonly bus: Bus } {
  const waiting = new Map<number, (reply: BusReply) => void>();
  const take = readBus(
    () => void socket.destroy(),
    (message) => {
      const resolve = message.replySerial === undefined ? undefined : waiting.get(message.replySerial);
      if (resolve === undefined) return;
      waiting.delete(message.replySerial ?? 0);
      resolve(message.type === MESSAGE_TYPE.reply ? { kind: 'reply', values: message.body } : { kind: 'error', name: message.errorName ?? '' });
    },
  );
  // Read past the stream that a socket is: to set that going takes a fresh process a tenth of the time of this whole conversation.
  const onread = {
    buffer: Buffer.alloc(READ_BYTES),
    callback: (length: number, buffer: Uint8Array): boolean => {
      take(buffer.subarray(0, length));
      return true;
    },
  };
  const socket = connect({ path, onread });
  const auth = Buffer.from(`\0AUTH EXTERNAL ${Buffer.from(String(uid)).toString('hex')}\r\nBEGIN\r\n`);
  let outbox: Buffer[] = [auth, encodeMessage({ type: MESSAGE_TYPE.call, flags: 0, serial: 1, ...HELLO })];
  let lastSerial = 1;
  let flushing = false;

  function call(wanted: BusCall): Promise<BusReply> {
    return new Promise((resolve) => {
      if (socket.destroyed) return resolve({ kind: 'lost' });
      lastSerial += 1;
      waiting.set(lastSerial, resolve);
      outbox.push(encodeMessage({ type: MESSAGE_TYPE.call, flags: NO_AUTO_START, serial: lastSerial, ...wanted }));
      // What is asked in one go leaves in one write, the sign-in with the first of it.
      if (!flushing) queueMicrotask(flush);
      flushing = true;
    });
  }

  function flush(): void {
    socket.write(Buffer.concat(outbox));
    outbox = [];
    flushing = false;
  }

  socket.on('close', () => {
    for (const resolve of waiting.values()) resolve({ kind: 'lost' });
    waiting.clear();
  });
  return { socket, bus: { call } };
}

/** Reads the one line that answers AUTH, then messages. What does not fit closes the connection. A chunk may be written over afterwards. */
function readBus(close: () => void, onMessage: (message: BusMessage) => void): (chunk: Uint8Array) => void {
  let arrived: Buffer = Buffer.alloc(0);
  let authenticated = false;
  return (chunk) => {
    arrived = Buffer.concat([arrived, chunk]);
    if (!authenticated) {
      const lineEnd = arrived.indexOf('\r\n');
      if (lineEnd < 0) return;
      if (arrived.toString('latin1', 0, 3) !== 'OK ') return close();
      authenticated = true;
      arrived = arrived.subarray(lineEnd + 2);
    }
    try {
      const { messages, rest } = takeMessages(arrived);
      arrived = rest;
      messages.forEach(onMessage);
    } catch {
      close();
    }
  };
}
