/*
 * How the texts of a definition file are written. The patterns go into the JSON Schema as they are, so they have no flags, and
 * whatever reads them must find the same: no character beyond the basic plane counts.
 */

/** Names that lead into the machinery of objects instead of to a field. */
const NO_FIELD = '(?!(?:__proto__|prototype|constructor)(?:\\.|$))';

const NAME = `${NO_FIELD}[A-Za-z0-9_$-]{1,64}`;

/** A segment that is neither `.` nor `..`; without `%`, since an address takes `%2e` for a dot. */
const SEGMENT = '/(?!\\.{1,2}(?:[/?]|$))[A-Za-z0-9._~:@+=-]+';

const QUERY = '(?:\\?[A-Za-z0-9._~:@/+=&%-]*)?';

const ORIGIN = '(?:https://[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|http://(?:localhost|127(?:\\.[0-9]{1,3}){3}|\\[::1\\]))(?::[0-9]{1,5})?';

const FORBIDDEN_HEADERS = [
  'accept',
  'connection',
  'cookie',
  'date',
  'expect',
  'forwarded',
  'from',
  'host',
  'keep-alive',
  'location',
  'origin',
  'range',
  'referer',
  'set-cookie',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'user-agent',
  'via',
];

/** Headers that say how a message is carried or who sends it: a credential in their place would change what is sent. */
const HEADER = `^(?!(?:${FORBIDDEN_HEADERS.join('|')})$|accept-|access-control-|content-|if-|proxy-|sec-|x-forwarded-)[a-z0-9][a-z0-9_.-]{0,63}$`;

export const PATTERNS = {
  /** As `isProviderId`, without ours. */
  id: /^(?!keywright(?:-|$))[a-z][a-z0-9-]{0,31}$/,
  /** Letters of many scripts, and no character that hides or reorders others. */
  words: /^[!-~\u00a1-\u00ac\u00ae-\u02af\u0370-\u052f\u3041-\ud7a3][ -~\u00a1-\u00ac\u00ae-\u02af\u0370-\u052f\u3041-\ud7a3]{0,199}$/,
  address: new RegExp(`^${ORIGIN}(?:${SEGMENT})*/?$`),
  /** RFC 6749 section 3.1: an authorization endpoint may have a query. */
  endpoint: new RegExp(`^${ORIGIN}(?:${SEGMENT})*/?${QUERY}$`),
  path: new RegExp(`^(?:${SEGMENT})+/?${QUERY}$`),
  /** A path with `{id}` in it exactly once, as a part of a segment. */
  pathOfOne: /^(?=[^{}]*\{id\}[^{}]*$)(?:\/(?!\.{1,2}(?:\/|$))(?:[A-Za-z0-9._~:@+=-]|\{id\})+)+\/?$/,
  field: new RegExp(`^${NAME}(?:\\.${NAME}){0,7}$`),
  /** A field, or nothing for the reply itself. */
  place: new RegExp(`^(?:${NAME}(?:\\.${NAME}){0,7})?$`),
  name: new RegExp(`^${NAME}$`),
  keyPrefix: /^[A-Za-z0-9._~:+=/-]{0,32}$/,
  header: new RegExp(HEADER),
  /** RFC 6749 section 3.3. */
  scope: /^[\x21\x23-\x5b\x5d-\x7e]{1,200}$/,
  /** RFC 6749 appendix A.1, without the space. */
  clientId: /^[\x21-\x7e]{1,200}$/,
  parameter: /^[A-Za-z0-9_.[\]-]{1,64}$/,
  /** A value that stands for itself, or one of the words that stand for a value. */
  template: /^(?:\{(?:name|scopes|expires_at|expires_in_days|expires_in_seconds)\}|[^{}]{0,500})$/,
} as const satisfies Record<string, RegExp>;
