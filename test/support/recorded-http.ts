import type { Http, HttpReply, HttpRequest } from '../../src/model/http.ts';
import { Failure } from '../../src/model/failure.ts';
import type { KnownSecrets } from './known-secrets.ts';

export interface RecordedHttp {
  /** Every request that a command sent, in order. */
  readonly sent: HttpRequest[];
  /** What hosts that are not this machine answer. Nothing is ever sent to them. */
  readonly elsewhere: (request: HttpRequest) => HttpReply;
  /** Milliseconds of patience by path, in place of the usual 30 s. */
  readonly patience: ReadonlyMap<string, number>;
  readonly secrets: KnownSecrets;
}

/** Nobody is there. */
export function nobodyThere(request: HttpRequest): HttpReply {
  throw new Failure('unreachable', { detail: `${new URL(request.url).host}: the name is not known (ENOTFOUND).` });
}

/** `real`, with what passes through it written down. Requests to other machines are answered here and never leave. */
export function recordHttp(real: Http, record: RecordedHttp): Http {
  return {
    send: async (request) => {
      record.sent.push(request);
      const url = new URL(request.url);
      const code = new URLSearchParams(request.body ?? '').get('code');
      record.secrets.add('code', code);
      if (url.hostname !== '127.0.0.1') return record.elsewhere(request);
      const totalMs = record.patience.get(url.pathname);
      const reply = await real.send(totalMs === undefined ? request : { ...request, totalMs });
      record.secrets.addFromReply(reply.body);
      return reply;
    },
    close: () => real.close(),
  };
}
