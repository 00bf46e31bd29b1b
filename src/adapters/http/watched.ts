import type { Http } from '../../model/http.ts';
import type { Output } from '../../model/output.ts';

/** `http` whose requests show that they are waited for, where that takes a while and nothing bigger is shown already. */
export function watched(http: Http, { progress }: Pick<Output, 'progress'>): Http {
  return {
    send: async (request) => {
      const waiting = progress(`Waiting for ${URL.canParse(request.url) ? new URL(request.url).host : 'the provider'}`);
      try {
        return await http.send(request);
      } finally {
        waiting.end();
      }
    },
    close: () => http.close(),
  };
}
