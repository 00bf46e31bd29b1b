import { alignmentOf, splitTypes } from './signature.ts';
import type { BusValue } from './signature.ts';

/**
 * D-Bus marshalling (D-Bus specification, "Marshaling (Wire Format)"), little-endian, for the few types that a question
 * about the keychain needs: y b u s o g a ( { v. A variant is written from the pair [signature, value].
 */
export function encodeValues(signature: string, values: readonly BusValue[]): Buffer {
  const bytes: number[] = [];
  writeEach(bytes, splitTypes(signature), values);
  return Buffer.from(bytes);
}

function writeEach(bytes: number[], types: readonly string[], values: readonly BusValue[]): void {
  types.forEach((type, index) => writeValue(bytes, type, values[index]));
}

function writeValue(bytes: number[], type: string, value: BusValue | undefined): void {
  pad(bytes, alignmentOf(type));
  if (type === 'y' && typeof value === 'number') bytes.push(value & 0xff);
  else if (type === 'b' && typeof value === 'boolean') writeNumber(bytes, value ? 1 : 0);
  else if (type === 'u' && typeof value === 'number') writeNumber(bytes, value);
  else if ((type === 's' || type === 'o') && typeof value === 'string') {
    writeNumber(bytes, Buffer.byteLength(value));
    bytes.push(...Buffer.from(value), 0);
  } else if (type === 'g' && typeof value === 'string') bytes.push(value.length, ...Buffer.from(value), 0);
  else if (type.startsWith('a') && Array.isArray(value)) writeArray(bytes, type.slice(1), value);
  else if (/^[({]/.test(type) && Array.isArray(value)) writeEach(bytes, splitTypes(type.slice(1, -1)), value);
  else if (type === 'v' && Array.isArray(value)) writeVariant(bytes, value);
  else throw new Error(`a D-Bus value of type ${type} does not fit its signature`);
}

function writeArray(bytes: number[], itemType: string, items: readonly BusValue[]): void {
  const lengthAt = bytes.length;
  writeNumber(bytes, 0);
  pad(bytes, alignmentOf(itemType));
  const start = bytes.length;
  for (const item of items) writeValue(bytes, itemType, item);
  // The length counts the items, not the padding before the first of them.
  numberBytes(bytes.length - start).forEach((byte, offset) => (bytes[lengthAt + offset] = byte));
}

function writeVariant(bytes: number[], pair: readonly BusValue[]): void {
  const [signature, value] = pair;
  if (typeof signature !== 'string') throw new Error('a D-Bus variant is written from its signature and its value');
  writeValue(bytes, 'g', signature);
  writeValue(bytes, signature, value);
}

function writeNumber(bytes: number[], value: number): void {
  pad(bytes, 4);
  bytes.push(...numberBytes(value));
}

function numberBytes(value: number): readonly number[] {
  return [value & 0xff, (value >>> 8) & 0xff, (value >>> 16) & 0xff, (value >>> 24) & 0xff];
}

function pad(bytes: number[], alignment: number): void {
  while (bytes.length % alignment !== 0) bytes.push(0);
}
