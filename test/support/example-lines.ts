/** An example as a shell would take it apart, as far as our examples need a shell. */
export interface ExampleLine {
  /** The words after `keywright`. */
  readonly words: readonly string[];
  /** What comes in or goes out by `<` and `>`. */
  readonly from: string | undefined;
  readonly into: string | undefined;
  /** What is run after it, by `&&`. */
  readonly next: string | undefined;
}

const WORD = /'([^']*)'|"([^"]*)"|(\S+)/g;

const wordsOf = (text: string): readonly string[] => [...text.matchAll(WORD)].map(([, single, double, plain]) => single ?? double ?? plain ?? '');

/** Takes an example apart. Anything that it does not know of a shell, such as a pipe or a variable, is an error. */
export function readExample(line: string): ExampleLine {
  const [command = '', next, ...more] = line.split(' && ');
  const [start, ...all] = wordsOf(command);
  if (start !== 'keywright' || more.length > 0 || /[|;$`]/.test(command)) throw new Error(`"${line}" cannot be run by this test`);
  const after = (sign: string): string | undefined => (all.includes(sign) ? all[all.indexOf(sign) + 1] : undefined);
  const [from, into] = [after('<'), after('>')];
  return { words: all.filter((word, index) => !['<', '>'].includes(word) && !['<', '>'].includes(all[index - 1] ?? '')), from, into, next };
}
