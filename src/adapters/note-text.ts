import type { NoteTitle } from '../model/secret-notes.ts';
import { Failure } from '../model/failure.ts';
import { Secret } from '../model/secret.ts';

/** A change that an older keywright would misread gets the next number. */
const FORMAT = 1;

/** Gives the name back if it is one; anything else is a mistake of ours. */
export function noteName(name: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/.test(name)) return name;
  throw new Failure('bug', { detail: 'A note was about to get a name that no store takes.' });
}

/** What is kept of a note in a store: JSON, which also escapes the characters that some keychains cut off. */
export function encodeNote(text: Secret, expiresAt: number): string {
  if (!Number.isFinite(expiresAt)) throw new Failure('bug', { detail: 'A note without an end was about to be kept.' });
  return JSON.stringify({ v: FORMAT, expires_at: expiresAt, text: text.reveal() });
}

/** A note that was read. Anything else than what `encodeNote` makes is `unexpected-answer`; the text is never quoted. */
export function decodeNote(text: string): { readonly text: Secret; readonly expiresAt: number } {
  const fields = fieldsOf(text);
  const { v, expires_at: expiresAt, text: kept } = fields ?? {};
  if (v === FORMAT && typeof expiresAt === 'number' && typeof kept === 'string') return { text: new Secret(kept), expiresAt };
  throw new Failure('unexpected-answer', {
    detail: 'Something that was kept for a later command is damaged, or was written by another keywright.',
    hint: 'Begin again what you wanted to finish.',
  });
}

/** The text of a title in the state folder. */
export function encodeTitle(title: NoteTitle): string {
  return `${JSON.stringify({ v: FORMAT, name: title.name, expires_at: new Date(title.expiresAt).toISOString() })}\n`;
}

/** Lenient: what cannot be read is no title. */
export function decodeTitle(text: string): NoteTitle | undefined {
  const { v, name, expires_at: ends } = fieldsOf(text) ?? {};
  if (v !== FORMAT || typeof name !== 'string' || typeof ends !== 'string' || Number.isNaN(Date.parse(ends))) return undefined;
  return { name, expiresAt: Date.parse(ends) };
}

function fieldsOf(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    // The parser's message quotes the text, so it must not become a cause.
    return undefined;
  }
}
