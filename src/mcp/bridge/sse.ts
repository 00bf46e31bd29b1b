import { Failure } from '../../model/failure.ts';

export interface ServerEvent {
  readonly type: string;
  readonly data: string;
}

export interface EventReader {
  /** The events that are whole with these bytes. Throws `unexpected-answer` for one that is longer than any may be. */
  take(bytes: Uint8Array): readonly ServerEvent[];
  /** The id of the last event, by which a stream that broke off is taken up again; undefined where the server gives none. */
  lastId(): string | undefined;
  /** Milliseconds that the server asks to wait before that; undefined where it does not say. */
  retryMs(): number | undefined;
}

/** Reads server-sent events (HTML standard, section 9.2.6). Lines end by LF, CR or both; an event that is not ended by an empty line is none. */
export function createEventReader(maxBytes: number, after?: string): EventReader {
  const decoder = new TextDecoder('utf-8');
  let buffer = '';
  let data: string[] = [];
  let size = 0;
  let type = '';
  let lastId = after;
  let retryMs: number | undefined;

  function field(line: string): void {
    const colon = line.indexOf(':');
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (name === 'data') data.push(value);
    else if (name === 'event') type = value;
    else if (name === 'id' && !value.includes('\0')) lastId = value;
    else if (name === 'retry' && /^[0-9]{1,9}$/.test(value)) retryMs = Number(value);
  }

  function lines(): readonly string[] {
    // A CR at the end may be the first half of a line break; it waits for what comes next.
    const whole = buffer.endsWith('\r') ? buffer.slice(0, -1) : buffer;
    const found = whole.split(/\r\n|\r|\n/);
    buffer = (found.pop() ?? '') + buffer.slice(whole.length);
    return found;
  }

  return {
    take(bytes) {
      buffer += decoder.decode(bytes, { stream: true });
      const events: ServerEvent[] = [];
      for (const line of lines()) {
        size += line.length;
        if (line !== '') field(line);
        else {
          if (data.length > 0) events.push({ type: type === '' ? 'message' : type, data: data.join('\n') });
          data = [];
          type = '';
          size = 0;
        }
      }
      if (size + buffer.length > maxBytes) {
        throw new Failure('unexpected-answer', { detail: `The server sent an event of more than ${maxBytes} bytes.`, hint: 'Ask for less at a time.' });
      }
      return events;
    },
    lastId: () => lastId,
    retryMs: () => retryMs,
  };
}
