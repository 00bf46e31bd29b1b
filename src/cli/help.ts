import { Failure } from '../model/failure.ts';
import { plainText } from '../render/plain-text.ts';
import { nearest } from './nearest.ts';
import { allTexts } from './texts.ts';

/** The text that `help` and these words ask for: that of the root, of a group, a command or a topic. Words that lead to none are a `usage` failure. */
export async function helpOn(words: readonly string[]): Promise<string> {
  const named = words.filter((word) => word !== '--help' && word !== '-h');
  const text = (await allTexts())[named.join(' ')];
  if (text !== undefined) return text;
  throw new Failure('usage', { detail: `There is no help on "${plainText(named.join(' '), 60)}".`, hint: nearest(named, 'keywright help') });
}
