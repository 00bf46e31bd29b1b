/** The words before the first `--`. What stands after it is no flag of ours, whatever it looks like. */
export function beforeDashes(words: readonly string[]): readonly string[] {
  const at = words.indexOf('--');
  return at === -1 ? words : words.slice(0, at);
}
