import { Failure } from '../../model/failure.ts';
import type { StreamReply } from '../../model/http-stream.ts';
import { readMessage, type Message } from './message.ts';
import { createEventReader, type EventReader } from './sse.ts';

/** Of one message, from either side. */
export const MOST_BYTES = 16_000_000;

/** Of a text that goes into an error. */
const ERROR_BYTES = 65_536;

/** For a stream from its beginning, or from after an event. */
export const newEvents = (after?: string): EventReader => createEventReader(MOST_BYTES, after);

export function mediaTypeOf({ headers }: Pick<StreamReply, 'headers'>): string {
  return (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
}

/** The messages of a reply as they come, from one JSON text or a stream of events. `unexpected-answer` for what is none. */
export async function* messagesOf(reply: StreamReply, events: EventReader): AsyncGenerator<Message> {
  const type = mediaTypeOf(reply);
  if (type === 'application/json') {
    const text = await textOf(reply, MOST_BYTES);
    if (text !== '') yield* messagesIn(text);
    return;
  }
  if (type !== 'text/event-stream')
    throw new Failure('unexpected-answer', {
      detail: 'The server answered neither in JSON nor with a stream of events.',
      hint: 'Check the address of the MCP server: keywright providers show',
    });
  for await (const bytes of reply.body) {
    for (const event of events.take(bytes)) if (event.type === 'message' && event.data !== '') yield* messagesIn(event.data);
  }
}

/** One message, or the list of them that MCP 2025-03-26 knew. */
function messagesIn(text: string): readonly Message[] {
  const read = readMessage(text);
  if (read.kind === 'message') return [read.message];
  const parts: unknown = read.kind === 'odd' ? JSON.parse(text) : undefined;
  if (!Array.isArray(parts)) throw new Failure('unexpected-answer', { detail: 'The server sent something that is no message of JSON-RPC.' });
  return parts.flatMap((part: unknown) => messagesIn(JSON.stringify(part)));
}

async function textOf(reply: StreamReply, maxBytes: number): Promise<string> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const bytes of reply.body) {
    length += bytes.byteLength;
    if (length > maxBytes)
      throw new Failure('unexpected-answer', { detail: `The server sent a message of more than ${maxBytes} bytes.`, hint: 'Ask for less at a time.' });
    parts.push(bytes);
  }
  return Buffer.concat(parts).toString('utf8');
}

/** What an error reply says; empty where that is too long or cut off. */
export async function errorTextOf(reply: StreamReply): Promise<string> {
  try {
    return await textOf(reply, ERROR_BYTES);
  } catch {
    return '';
  } finally {
    reply.close();
  }
}
