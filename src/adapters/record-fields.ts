/*
 * What a field of a record in a file can be. A record that does not fit is no record: nothing is mended and nothing is guessed.
 */

export type Fields = Readonly<Record<string, unknown>>;

/** The fields of a JSON object in a text; undefined for anything else. */
export function fieldsIn(text: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isFields(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

export const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);
export const isText = (value: unknown): value is string => typeof value === 'string';
export const isTextOrNull = (value: unknown): value is string | null => value === null || isText(value);
export const isTexts = (value: unknown): value is readonly string[] => Array.isArray(value) && value.every(isText);
export const isTime = (value: unknown): value is string => isText(value) && !Number.isNaN(Date.parse(value));
export const isTimeOrNull = (value: unknown): value is string | null => value === null || isTime(value);

/** Unix milliseconds out of a time as text; undefined for anything else. */
export const timeOf = (value: unknown): number | undefined => (isTime(value) ? Date.parse(value) : undefined);
