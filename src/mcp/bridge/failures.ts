import { FAILURES, Failure, isFailure } from '../../model/failure.ts';
import { retryAfterMs } from '../../model/retry-after.ts';
import { plainText } from '../../render/plain-text.ts';
import { BRIDGE_ERROR, errorLine, isFields, type RpcId } from './message.ts';
import type { Answered } from './server.ts';

/** The error that a client shows to its person: what happened and what to do now, in one text, since most show nothing else. */
export function failureLine(id: RpcId | null, thrown: unknown): string {
  const failure = isFailure(thrown) ? thrown : new Failure('bug', { detail: 'The bridge met something unforeseen.', hint: 'Please report it.' });
  const { code, detail, hint } = failure;
  const words = [`${FAILURES[code].title}:`, detail, hint ?? ''].map((part) => plainText(part, 600)).filter((part) => part !== '');
  return errorLine(id, BRIDGE_ERROR, `keywright: ${words.join(' ')}`, {
    code,
    retry: FAILURES[code].retry,
    ...(hint === undefined ? {} : { hint: plainText(hint, 600) }),
  });
}

/** What an error status means where the server did not answer the message itself. `text` is the body. */
export async function failureOfStatus({ reply, grant }: Answered, text: string, now: number): Promise<Failure> {
  const { maskOf } = await import('../../api/mask.ts');
  const { status, headers } = reply;
  const { host } = new URL(grant.url);
  const said = plainText(maskOf([grant.key]).text(wordsIn(text)), 200);
  const detail = `${host} answered ${status}${said === '' ? '' : `: ${said}`}.`.replace(/\.\.$/, '.');
  if (status === 403) {
    const scope = /\bscope="([\x21\x23-\x5b\x5d-\x7e ]{1,200})"/.exec(headers['www-authenticate'] ?? '')?.[1];
    if (scope !== undefined) {
      const { agent, scopes, wired } = grant.record;
      const flags = (more: readonly string[]): string => more.map((each) => `--scope ${each}`).join(' ');
      // Where setup wrote the entry it also puts the new grant into it, which then needs all that the old one had.
      const command =
        wired.length === 0
          ? `auth create-grant --agent ${agent} ${flags(scope.split(' '))}`
          : `setup --mcp --only ${agent} ${flags([...new Set([...scopes, ...scope.split(' ')])])}`;
      return new Failure('missing-scope', {
        detail: `The grant of ${grant.record.agent} does not allow this; it lacks ${scope}.`,
        hint: `To make one that does, run: keywright ${command}`,
      });
    }
    return new Failure('refused', { detail });
  }
  if (status === 404)
    return new Failure('not-found', {
      detail,
      hint: 'Restart this MCP server in the client; if that does not help, run: keywright setup --mcp',
    });
  if (status === 429) {
    const wait = retryAfterMs({ status, headers, body: '' }, now);
    return new Failure('rate-limited', { detail, hint: wait === undefined ? 'Wait a while, then try again.' : `Try again in ${Math.ceil(wait / 1000)} s.` });
  }
  if (status >= 300 && status < 400)
    return new Failure('unexpected-answer', { detail: `${host} redirected to another address (${status}); nothing was sent there.` });
  if (status >= 500) return new Failure('unreachable', { detail, hint: 'Try again later.' });
  return new Failure('refused', { detail });
}

/** The sentence in an error body, whichever way it is worded. */
function wordsIn(text: string): string {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return '';
  }
  const error = isFields(body) ? body['error'] : undefined;
  const said = isFields(error) ? error['message'] : isFields(body) ? (body['error_description'] ?? body['message']) : undefined;
  return typeof said === 'string' ? said : '';
}
