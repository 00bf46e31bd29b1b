import { isStringArray } from './json.ts';
import { readObject } from './read-input.ts';
import { Refused } from './routes.ts';

/**
 * What somebody filled in, read field by field, whether it came as a form or as JSON. A field of the wrong kind is refused with 400 `invalid_request`.
 */
export interface Answers {
  /** Trimmed; empty where it is missing. */
  text(field: string): string;
  texts(field: string): readonly string[];
  /** A whole number; `otherwise` where it is missing or left empty. */
  number(field: string, otherwise: number): number;
  /** JSON may leave it out; a box of a form that is not ticked is a no. */
  yes(field: string, otherwise: boolean): boolean;
}

/** Reads a body of `application/json`. */
export function readJsonAnswers(body: string): Answers {
  const fields = readObject(body, invalid);
  const value = (field: string): unknown => (Object.hasOwn(fields, field) ? (fields[field] ?? undefined) : undefined);
  return {
    text(field) {
      const found = value(field) ?? '';
      if (typeof found !== 'string') throw invalid(`${field} must be text.`);
      return found.trim();
    },
    texts(field) {
      const found = value(field) ?? [];
      if (!isStringArray(found)) throw invalid(`${field} must be a list of text.`);
      return found;
    },
    number(field, otherwise) {
      const found = value(field) ?? otherwise;
      if (typeof found !== 'number' || !Number.isSafeInteger(found)) throw invalid(`${field} must be a whole number.`);
      return found;
    },
    yes(field, otherwise) {
      const found = value(field) ?? otherwise;
      if (typeof found !== 'boolean') throw invalid(`${field} must be true or false.`);
      return found;
    },
  };
}

/** Reads a body of `application/x-www-form-urlencoded`. The server has refused NUL in it already. */
export function readFormAnswers(body: string): Answers {
  const form = new URLSearchParams(body);
  const text = (field: string): string => (form.get(field) ?? '').trim();
  return {
    text,
    texts: (field) => form.getAll(field),
    number(field, otherwise) {
      const written = text(field);
      if (written !== '' && !/^[0-9]{1,15}$/.test(written)) throw invalid(`${field} must be a whole number.`);
      return written === '' ? otherwise : Number(written);
    },
    yes: (field) => form.has(field),
  };
}

function invalid(message: string): Refused {
  return new Refused(400, 'invalid_request', message);
}
