import { checkedRawPath } from '../../api/raw-path.ts';
import type { RawRequest } from '../../api/raw.ts';
import type { Target } from '../../api/target.ts';
import { Failure } from '../../model/failure.ts';
import { plainText } from '../../render/plain-text.ts';
import { type Field, namedText, objectOf, queryOf, typedField } from './fields.ts';
import { type GivenDeps, givenTexts } from './given-text.ts';

/** What was typed. */
export interface RequestWords {
  readonly method: string;
  readonly path: string;
  readonly field: readonly string[];
  readonly fileField: readonly string[];
  readonly input: string | undefined;
}

/** Bytes that are read from a file or from standard input. */
const MOST_BYTES = 64 * 1024 * 1024;

export const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

/** Fields of these go into the query. */
const BY_QUERY: ReadonlySet<string> = new Set(['GET', 'HEAD', 'DELETE']);

function checkedMethod(text: string): RawRequest['method'] {
  const found = METHODS.find((method) => method === text.toUpperCase());
  if (found !== undefined) return found;
  throw new Failure('usage', { detail: `"${plainText(text, 40)}" is no method that can be sent.`, hint: `Choose from: ${METHODS.join(', ')}.` });
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/**
 * Makes a request of what was typed, and reads what it names. Everything is checked before anything is read, and the path before
 * all: nothing is sent, and nobody asked, for a request that cannot be.
 */
export async function rawRequest(words: RequestWords, target: Target, deps: GivenDeps): Promise<RawRequest> {
  const method = checkedMethod(words.method);
  const path = checkedRawPath(words.path, target);
  if (words.input !== undefined && words.field.length + words.fileField.length > 0) {
    throw new Failure('usage', {
      detail: '--input is the whole body; fields have no place beside it.',
      hint: 'Put the fields into the input, or into the query of the path.',
    });
  }
  if (words.input !== undefined && (method === 'GET' || method === 'HEAD')) {
    throw new Failure('usage', { detail: `${method} sends no body.`, hint: 'Leave --input out, or take another method.' });
  }
  const plain = words.field.map((word) => typedField(word, '--field'));
  const named = words.fileField.map((word) => namedText(word, '--file-field'));
  const texts = givenTexts(MOST_BYTES, deps);
  if (words.input !== undefined) {
    const text = await texts.read(words.input, '--input');
    return { method, path, body: { text, type: isJson(text) ? 'application/json' : 'text/plain; charset=utf-8' } };
  }
  const fields: Field[] = [...plain];
  for (const { name, text } of named) {
    fields.push({ name, value: text.startsWith('@') ? await texts.read(text.slice(1), `--file-field ${plainText(name, 60)}`) : text });
  }
  if (fields.length === 0) return { method, path, body: null };
  if (!BY_QUERY.has(method)) return { method, path, body: { text: JSON.stringify(objectOf(fields)), type: 'application/json' } };
  return { method, path: `${path}${path.includes('?') ? '&' : '?'}${queryOf(fields)}`, body: null };
}
