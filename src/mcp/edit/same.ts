import { isFields } from '../../providers/read.ts';

/** Whether two values that were read from files say the same. The order of names does not count; a date is compared as it would be written. */
export function sameValue(one: unknown, other: unknown): boolean {
  if (one instanceof Date || other instanceof Date) {
    return one instanceof Date && other instanceof Date && one.toISOString() === other.toISOString();
  }
  if (Array.isArray(one)) {
    return Array.isArray(other) && one.length === other.length && one.every((each, index) => sameValue(each, other[index]));
  }
  if (!isFields(one) || !isFields(other)) return Object.is(one, other);
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => Object.hasOwn(other, name) && sameValue(one[name], other[name]));
}
