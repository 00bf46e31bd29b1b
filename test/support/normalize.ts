import type { Result } from './world.ts';

/** What differs from run to run, and the word that stands for it. Each different value of a kind gets a number of its own. */
const KINDS: ReadonlyArray<readonly [pattern: RegExp, word: string]> = [
  [/mxk_[0-9a-f]{64}/g, 'KEY'],
  [/mxk_[0-9a-f]{4}\b/g, 'PREFIX'],
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, 'ID'],
  [/127\.0\.0\.1:[0-9]+/g, 'HOST'],
  [/(?<=127\.0\.0\.1%3A)[0-9]+/g, 'PORT'],
  [/\b[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?Z/g, 'TIME'],
  // Not bounded by \b: a random value may begin or end with a dash.
  [/(?<![A-Za-z0-9_-])[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])/g, 'RANDOM'],
  [/\b[0-9]+ ms\b/g, 'SPAN'],
];

/** The text with everything that chance or time made replaced, so that two runs give the same. */
export function normalize(text: string): string {
  return KINDS.reduce((before, [pattern, word]) => {
    const seen = new Map<string, string>();
    return before.replace(pattern, (value) => {
      const name = seen.get(value) ?? `<${word}${seen.size === 0 ? '' : `-${seen.size + 1}`}>`;
      seen.set(value, name);
      return name;
    });
  }, text);
}

/** One command as a person would see it: what was typed, how it ended, what came out where. */
export function transcript(words: readonly string[], result: Result): string {
  const line = ['keywright', ...words.map((word) => (/^[\w@%+=:,./<-]+$/.test(word) ? word : `'${word}'`))].join(' ');
  return normalize(`$ ${line}\nexit ${result.exit}\n--- stdout\n${result.stdout}--- stderr\n${result.stderr}`);
}
