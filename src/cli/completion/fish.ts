import type { FlagWord, Node } from './tree.ts';

/** Inside single quotes fish knows two escapes. */
const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

const called = (word: string): string => (word.startsWith('--') ? `-l ${word.slice(2)}` : `-s ${word.slice(1)}`);

function flagLine(place: string, flag: FlagWord): string {
  const value =
    flag.value === 'none' ? '' : flag.value === 'path' ? ' -r -F' : flag.value === 'text' ? ' -x' : ` -x -a ${quoted(flag.value.choices.join(' '))}`;
  return `complete -c keywright -n ${quoted(`__keywright_at ${quoted(place)}`)} ${flag.words.map(called).join(' ')}${value} -d ${quoted(flag.about)}`;
}

function lines(node: Node): readonly string[] {
  const place = node.path.join(' ');
  return [
    ...node.words.map(
      (each) =>
        `complete -c keywright -n ${quoted(`__keywright_at ${quoted(place)}`)} -a ${quoted(each.word)}${each.about === '' ? '' : ` -d ${quoted(each.about)}`}`,
    ),
    ...node.flags.map((flag) => flagLine(place, flag)),
  ];
}

/** The script for fish 3 and later. */
export function fishScript(nodes: readonly Node[]): string {
  const places = nodes.filter((node) => node.path.length > 0).map((node) => quoted(node.path.join(' ')));
  return `# keywright completion for fish. Made by "keywright completion fish"; changes are lost when it is made again.
function __keywright_at
    set -l place ''
    for word in (commandline -opc)[2..-1]
        set -l next (string trim -- "$place $word")
        contains -- $next ${places.join(' ')}
        or break
        set place $next
    end
    test "$place" = "$argv[1]"
end
complete -c keywright -f
complete -c kw -w keywright
${nodes.flatMap(lines).join('\n')}
`;
}
