import { Failure } from '../../model/failure.ts';
import { Secret } from '../../model/secret.ts';
import { failureJson } from '../../render/failure.ts';
import { jsonText } from '../../render/json.ts';
import { plainText } from '../../render/plain-text.ts';
import type { Delivery, SinkFormat } from './sink.ts';

/** What `--format` takes. */
export const FORMATS = ['raw', 'env', 'json'] as const satisfies readonly SinkFormat[];

/** Reads `--format`; `usage` for anything that is none. */
export function checkedFormat(text: string | undefined): SinkFormat | undefined {
  const found = FORMATS.find((format) => format === text);
  if (found !== undefined || text === undefined) return found;
  throw new Failure('usage', { detail: `"${plainText(text, 60)}" is no format of a key.`, hint: `The formats are: ${FORMATS.join(', ')}.` });
}

/** What means something to a shell inside of quotes, or ends them. The patterns of keys allow none of these. */
const UNQUOTABLE = /['"`$\\!]/;

/** Characters that mean nothing to a shell or dotenv, quoted or not. */
const PLAIN = /^[A-Za-z0-9_.:+=/-]+$/;

/**
 * A value as the right side of an assignment that sh and dotenv read alike, in the manner of `like`, which stood there before: with its
 * quotes, or without any where neither it nor the value needs them. Single quotes where nothing stood there.
 */
export function quoted(value: string, like?: string): string {
  if (UNQUOTABLE.test(value)) {
    throw new Failure('unexpected-answer', {
      detail: 'The key holds a character that no quotes protect in a shell.',
      hint: 'Deliver it in another form, such as --format raw.',
    });
  }
  if (like?.startsWith('"')) return `"${value}"`;
  return like !== undefined && PLAIN.test(like) && PLAIN.test(value) ? value : `'${value}'`;
}

/** The key in a format, with a line end. The JSON is on one line; `forTerminal` indents it. */
export function formatted({ key, provider }: Delivery, format: SinkFormat, forTerminal = false): Secret {
  const value = key.key.reveal();
  switch (format) {
    case 'raw':
      return new Secret(`${value}\n`);
    case 'env':
      return new Secret(`${provider.envPrefix}_API_KEY=${quoted(value)}\n`);
    case 'json': {
      const { id, name, prefix, expiresAt, scopes } = key;
      return new Secret(`${jsonText({ id, name, prefix, expiresAt, scopes, key: value }, forTerminal)}\n`);
    }
  }
}

/** All that is known of the key, as `--json` prints it. */
export function wholeJson({ key, missed }: Delivery, forTerminal: boolean): Secret {
  return new Secret(`${jsonText({ ...key, key: key.key.reveal(), ...(missed === undefined ? {} : failureJson(missed)) }, forTerminal)}\n`);
}
