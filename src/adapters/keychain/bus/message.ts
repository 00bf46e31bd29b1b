import { decodeValues } from './decode.ts';
import { encodeValues } from './encode.ts';
import type { BusValue } from './signature.ts';

/** D-Bus specification, "Message Format": the types of messages and the header fields that are used here. */
export const MESSAGE_TYPE = { call: 1, reply: 2, error: 3, signal: 4 } as const;
const FIELD = { path: 1, interface: 2, member: 3, errorName: 4, replySerial: 5, destination: 6, sender: 7, signature: 8 } as const;
const FIELD_TYPE: Readonly<Record<keyof typeof FIELD, string>> = {
  path: 'o',
  interface: 's',
  member: 's',
  errorName: 's',
  replySerial: 'u',
  destination: 's',
  sender: 's',
  signature: 'g',
};
const FIELD_NAMES = ['path', 'interface', 'member', 'errorName', 'replySerial', 'destination', 'sender', 'signature'] as const satisfies ReadonlyArray<
  keyof typeof FIELD
>;

const HEADER = 'yyyyuua(yv)';
const LITTLE_ENDIAN = 'l'.charCodeAt(0);
const PROTOCOL_VERSION = 1;
const FIXED_HEADER_BYTES = 16;

/** Far above any reply that we ask for (the longest carry a stored value), far below the specification's 128 MB. */
const LONGEST_MESSAGE = 16_777_216;

export interface BusMessage {
  readonly type: number;
  readonly flags: number;
  readonly serial: number;
  readonly path?: string;
  readonly interface?: string;
  readonly member?: string;
  readonly errorName?: string;
  readonly replySerial?: number;
  readonly destination?: string;
  readonly sender?: string;
  readonly signature?: string;
  readonly body: readonly BusValue[];
}

export function encodeMessage(message: BusMessage): Buffer {
  const body = encodeValues(message.signature ?? '', message.body);
  const fields: BusValue[] = [];
  for (const name of FIELD_NAMES) {
    const value = message[name];
    if (value !== undefined) fields.push([FIELD[name], [FIELD_TYPE[name], value]]);
  }
  const header = encodeValues(HEADER, [LITTLE_ENDIAN, message.type, message.flags, PROTOCOL_VERSION, body.length, message.serial, fields]);
  return Buffer.concat([header, Buffer.alloc(toMultipleOf8(header.length) - header.length), body]);
}

/** Takes the whole messages off the front of what has arrived. Throws on bytes that are no D-Bus message, or on one that is too long. */
export function takeMessages(arrived: Buffer): { readonly messages: readonly BusMessage[]; readonly rest: Buffer } {
  const messages: BusMessage[] = [];
  let rest = arrived;
  for (let length = messageLength(rest); length !== undefined && length <= rest.length; length = messageLength(rest)) {
    messages.push(decodeMessage(rest.subarray(0, length)));
    rest = rest.subarray(length);
  }
  return { messages, rest };
}

function messageLength(arrived: Buffer): number | undefined {
  if (arrived.length < FIXED_HEADER_BYTES) return undefined;
  const [body, , fields] = decodeValues({ bytes: arrived, littleEndian: isLittleEndian(arrived), at: 4 }, 'uuu');
  const length = toMultipleOf8(FIXED_HEADER_BYTES + Number(fields)) + Number(body);
  if (length > LONGEST_MESSAGE) throw new Error('a D-Bus message is longer than anything that was asked for');
  return length;
}

function decodeMessage(bytes: Buffer): BusMessage {
  const reader = { bytes, littleEndian: isLittleEndian(bytes), at: 0 };
  const [, type, flags, , , serial, list] = decodeValues(reader, HEADER);
  const fields = new Map<number, BusValue | undefined>();
  for (const field of Array.isArray(list) ? list : []) {
    if (Array.isArray(field)) fields.set(Number(field[0]), field[1]);
  }
  reader.at = toMultipleOf8(reader.at);
  const signature = textField(fields, FIELD.signature);
  const replySerial = fields.get(FIELD.replySerial);
  const texts = {
    path: textField(fields, FIELD.path),
    interface: textField(fields, FIELD.interface),
    member: textField(fields, FIELD.member),
    errorName: textField(fields, FIELD.errorName),
    destination: textField(fields, FIELD.destination),
    sender: textField(fields, FIELD.sender),
    signature,
  };
  return {
    type: Number(type),
    flags: Number(flags),
    serial: Number(serial),
    ...(typeof replySerial === 'number' ? { replySerial } : {}),
    ...withoutUndefined(texts),
    body: decodeValues(reader, signature ?? ''),
  };
}

function textField(fields: ReadonlyMap<number, BusValue | undefined>, id: number): string | undefined {
  const value = fields.get(id);
  return typeof value === 'string' ? value : undefined;
}

function withoutUndefined<K extends string>(texts: Readonly<Record<K, string | undefined>>): Partial<Record<K, string>> {
  const present: Partial<Record<K, string>> = {};
  for (const name in texts) {
    const text = texts[name];
    if (text !== undefined) present[name] = text;
  }
  return present;
}

/** The first byte of a message says its byte order: `l` or `B`. */
function isLittleEndian(bytes: Buffer): boolean {
  const mark = bytes[0];
  if (mark !== LITTLE_ENDIAN && mark !== 'B'.charCodeAt(0)) throw new Error('what arrived is no D-Bus message');
  return mark === LITTLE_ENDIAN;
}

function toMultipleOf8(length: number): number {
  return Math.ceil(length / 8) * 8;
}
