import { Failure, isFailure } from '../../model/failure.ts';
import { spanText } from './limit.ts';

/** A try that ended without a whole reply: the failure to report if nothing better comes, and whether another try can help. */
export class Broken extends Error {
  readonly failure: Failure;
  readonly again: 'may-help' | 'useless';
  /** One word for the debug line, such as ECONNRESET. */
  readonly word: string;

  constructor(failure: Failure, again: 'may-help' | 'useless', word: string) {
    super(failure.message, { cause: failure });
    this.name = 'Broken';
    this.failure = failure;
    this.again = again;
    this.word = word;
  }
}

const CHECK_NETWORK = 'Check the network, the proxy variables (HTTPS_PROXY, NO_PROXY) and the API URL.';
const CHECK_CERTIFICATE = 'If this network has its own certificate authority, name its certificate file in NODE_EXTRA_CA_CERTS.';

const WORDS: Readonly<Record<string, string>> = {
  ENOTFOUND: 'the name is not known',
  EAI_AGAIN: 'the name could not be looked up',
  ECONNREFUSED: 'nothing accepts connections there',
  ECONNRESET: 'the connection was cut',
  EPIPE: 'the connection was cut',
  ETIMEDOUT: 'the connection got no answer',
  EHOSTUNREACH: 'there is no way there',
  ENETUNREACH: 'there is no network',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet; is the clock right?',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is signed by itself',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate comes from an authority that is not trusted',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate comes from an authority that is not trusted',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate comes from an authority that is not known',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
};

/**
 * A connection that failed before a reply began. `asked` is who was being talked to: the host, or the proxy said as such.
 * `error` itself is not kept as a cause: undici's parser errors hold what was received.
 */
export function brokenConnection(error: unknown, asked: string): Broken {
  if (error instanceof Broken) return error;
  if (isOtherProtocol(error)) return noAnswer(asked);
  const code = codeOf(error);
  if (isParserError(error, code)) {
    const failure = new Failure('unexpected-answer', { detail: `${asked} did not answer in HTTP.`, hint: 'Check the API URL.' });
    return new Broken(failure, 'useless', 'not-http');
  }
  const certificate = isCertificateCode(code);
  const words =
    WORDS[code] ?? (certificate ? 'its certificate is not accepted' : isTlsCode(code) ? 'no secure connection came about' : 'the connection failed');
  const failure = new Failure('unreachable', { detail: `${asked}: ${words} (${code}).`, hint: certificate ? CHECK_CERTIFICATE : CHECK_NETWORK });
  return new Broken(failure, certificate || isTlsCode(code) || code === 'ENOTFOUND' ? 'useless' : 'may-help', code);
}

/** A reply that began and did not come to its end. */
export function brokenReply(error: unknown, host: string): Broken {
  const code = codeOf(error);
  const failure = new Failure('unexpected-answer', { detail: `The reply of ${host} was cut off before its end.`, hint: 'Try again.' });
  return new Broken(failure, 'may-help', code);
}

/** A reply that is none: the other side went over to another protocol, or ended without a word. */
export function noAnswer(host: string): Broken {
  const failure = new Failure('unexpected-answer', { detail: `${host} gave no answer in HTTP to the request.`, hint: 'Check the API URL.' });
  return new Broken(failure, 'useless', 'no-answer');
}

/** A connection that did not stand in time. */
export function slowConnection(asked: string, ms: number): Broken {
  const failure = new Failure('timed-out', { detail: `${asked}: no connection within ${spanText(ms)}.`, hint: CHECK_NETWORK });
  return new Broken(failure, 'may-help', 'connect-limit');
}

/** A proxy that answered CONNECT with something else than success. */
export function proxyRefusal(status: number, proxy: { readonly host: string; readonly variable: string; readonly named: boolean }, target: string): Broken {
  const asked = `The proxy ${proxy.host}`;
  if (status === 407) {
    const detail = proxy.named
      ? `${asked} does not accept the user name and password of ${proxy.variable} (407).`
      : `${asked} asks for a user name and a password (407).`;
    return new Broken(new Failure('unreachable', { detail, hint: `Give them in ${proxy.variable}: http://name:password@host:port.` }), 'useless', 'proxy-407');
  }
  const failure = new Failure('unreachable', {
    detail: `${asked} answered ${status} when asked for ${target}.`,
    hint: `Check ${proxy.variable} and NO_PROXY.`,
  });
  return new Broken(failure, status === 502 || status === 503 || status === 504 ? 'may-help' : 'useless', `proxy-${status}`);
}

function isCertificateCode(code: string): boolean {
  return /CERT|^UNABLE_TO_|^INVALID_(CA|PURPOSE)|^PATH_LENGTH|^HOSTNAME_MISMATCH/.test(code);
}

function isTlsCode(code: string): boolean {
  return /^(ERR_SSL_|ERR_TLS_|EPROTO)/.test(code);
}

/** undici's parser errors carry a name only, those of Node a code. */
function isParserError(error: unknown, code: string): boolean {
  return code.startsWith('HPE_') || code.startsWith('UND_ERR_HEADERS') || (error instanceof Error && error.name === 'HTTPParserError');
}

/** undici tells a change of protocol that nobody asked for by these words only, and one that names no protocol by an assertion. */
function isOtherProtocol(error: unknown): boolean {
  if (!(error instanceof Error) || !('code' in error)) return false;
  return error.code === 'ERR_ASSERTION' || (error.code === 'UND_ERR_SOCKET' && /^bad (?:upgrade|response)$/.test(error.message));
}

/** The code of a system, TLS or parser error; never the message, which may quote what was sent or received. */
function codeOf(error: unknown): string {
  for (let each = error, depth = 0; depth < 5 && typeof each === 'object' && each !== null; depth += 1) {
    // A connection that the other side closed has a code of undici's own; both engines shall say the same.
    if ('code' in each && each.code === 'UND_ERR_SOCKET') return 'ECONNRESET';
    if (!isFailure(each) && 'code' in each && typeof each.code === 'string' && /^[A-Z][A-Z0-9_]{2,60}$/.test(each.code)) return each.code;
    each = 'errors' in each && Array.isArray(each.errors) ? each.errors[0] : 'cause' in each ? each.cause : undefined;
  }
  return 'no code';
}
