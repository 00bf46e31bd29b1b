import { createHash } from 'node:crypto';

/** Letters and digits that look like chance and are the same in every run. */
const drawn = (what, number, encoding) => createHash('sha256').update(`${what} ${number}`).digest(encoding);

/** One stand-in for each value that is found, the same for the same value. Values are told apart in the order in which they are seen. */
function standIns(text, pattern, standIn) {
  const seen = new Map();
  return text.replace(pattern, (found) => {
    if (!seen.has(found)) seen.set(found, standIn(seen.size, found));
    return seen.get(found);
  });
}

/** What differs from run to run, and how it looks in every one of them. */
const SETTLED = [
  // The whole key keeps only the prefix that the list of keys shows, which is public.
  [/mxk_[0-9a-f]{16,}/g, (_number, key) => `${key.slice(0, 8)}${'.'.repeat(24)}`],
  [/(?<=mxk_)[0-9a-f]{4}/g, (number) => drawn('key', number, 'hex').slice(0, 4)],
  [/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, (number) => drawn('id', number, 'hex').replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-4$3-a$4-$5')],
  [/(?<=[?&](?:state|code_challenge|client_id)=)[A-Za-z0-9_-]{16,}/g, (number) => drawn('parameter', number, 'base64url')],
  [/(?<=127\.0\.0\.1(?::|%3A))[0-9]+/g, (number) => String(49152 + number)],
  [/[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z/g, () => '2027-01-01T09:00:00.000Z'],
];

/** The text of a screen with everything in it replaced that another run would show differently, keys first of all. */
export function settled(screen) {
  return SETTLED.reduce((text, [pattern, standIn]) => standIns(text, pattern, standIn), screen);
}
