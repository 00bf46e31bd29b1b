import { alignmentOf, splitTypes } from './signature.ts';
import type { BusValue } from './signature.ts';

/** What is read from, and how far: `at` moves on with each value. Alignment counts from the start of `bytes`. */
export interface BusReader {
  readonly bytes: Buffer;
  readonly littleEndian: boolean;
  at: number;
}

/**
 * The reverse of `encodeValues`, in either byte order; a variant gives its value alone.
 * Throws on bytes that end too early or name a type that is not read here: the peer is then not one to be believed.
 */
export function decodeValues(reader: BusReader, signature: string): readonly BusValue[] {
  return splitTypes(signature).map((type) => readValue(reader, type));
}

function readValue(reader: BusReader, type: string): BusValue {
  pad(reader, alignmentOf(type));
  switch (type.charAt(0)) {
    case 'y':
      return readByte(reader);
    case 'b':
      return readNumber(reader) !== 0;
    case 'u':
      return readNumber(reader);
    case 's':
    case 'o':
      return readText(reader, readNumber(reader));
    case 'g':
      return readText(reader, readByte(reader));
    case 'a':
      return readArray(reader, type.slice(1));
    case 'v':
      return readVariant(reader);
    default:
      return decodeValues(reader, type.slice(1, -1));
  }
}

function readArray(reader: BusReader, itemType: string): readonly BusValue[] {
  const length = readNumber(reader);
  pad(reader, alignmentOf(itemType));
  const end = reader.at + length;
  if (end > reader.bytes.length) throw tooShort();
  if (itemType === 'y') return readBytes(reader, end);
  const items: BusValue[] = [];
  while (reader.at < end) items.push(readValue(reader, itemType));
  return items;
}

function readBytes(reader: BusReader, end: number): readonly number[] {
  const bytes = [...reader.bytes.subarray(reader.at, end)];
  reader.at = end;
  return bytes;
}

function readVariant(reader: BusReader): BusValue {
  const [type, ...more] = splitTypes(readText(reader, readByte(reader)));
  if (type === undefined || more.length > 0) throw new Error('a D-Bus variant holds exactly one value');
  return readValue(reader, type);
}

function readText(reader: BusReader, length: number): string {
  const end = reader.at + length;
  if (end + 1 > reader.bytes.length) throw tooShort();
  const text = reader.bytes.toString('utf8', reader.at, end);
  reader.at = end + 1;
  return text;
}

function readByte(reader: BusReader): number {
  const byte = reader.bytes[reader.at];
  if (byte === undefined) throw tooShort();
  reader.at += 1;
  return byte;
}

function readNumber(reader: BusReader): number {
  if (reader.at + 4 > reader.bytes.length) throw tooShort();
  const value = reader.littleEndian ? reader.bytes.readUInt32LE(reader.at) : reader.bytes.readUInt32BE(reader.at);
  reader.at += 4;
  return value;
}

function pad(reader: BusReader, alignment: number): void {
  reader.at = Math.ceil(reader.at / alignment) * alignment;
}

function tooShort(): Error {
  return new Error('a D-Bus message ends before its values do');
}
