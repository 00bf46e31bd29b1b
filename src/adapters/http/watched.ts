import type { Http } from '../../model/http.ts';
import type { Output } from '../../model/output.ts';

const PLAIN_HOST = /^[a-z0-9.:-]+$/;

/** Whom a request is for, without a look at all of its address: of many requests to one place each has another. */
function hostOf(url: string): string {
  const [scheme, , host = ''] = url.split('/', 3);
  if ((scheme === 'https:' || scheme === 'http:') && PLAIN_HOST.test(host)) return host;
  return URL.canParse(url) ? new URL(url).host : 'the provider';
}

/** `http` whose requests show that they are waited for, where that takes a while and nothing bigger is shown already. */
export function watched(http: Http, { progress }: Pick<Output, 'progress'>): Http {
  const { onItsWay } = http;
  return {
    ...(onItsWay === undefined ? {} : { onItsWay }),
    send: async (request) => {
      const waiting = progress(`Waiting for ${hostOf(request.url)}`);
      try {
        return await http.send(request);
      } finally {
        waiting.end();
      }
    },
    close: () => http.close(),
  };
}
