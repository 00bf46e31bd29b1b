import type { FlagWord, Node } from './tree.ts';

/** Inside single quotes of a shell script, and with the colon that separates a word from its description kept out. */
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
const described = (word: string, about: string): string => quoted(about === '' ? word : `${word}:${about.replaceAll(':', ' -')}`);

/** A word that ends with a colon is the beginning of one: no space follows it. */
function offer(choices: readonly string[]): string {
  const [open, whole] = [true, false].map((ends) => choices.filter((word) => word.endsWith(':') === ends).map(quoted));
  return [...(whole?.length ? [`compadd -- ${whole.join(' ')}`] : []), ...(open?.length ? [`compadd -S '' -- ${open.join(' ')}`] : [])].join('; ');
}

function valueBranch(flag: FlagWord): readonly string[] {
  if (flag.value === 'none') return [];
  if (flag.value === 'text') return [`        ${flag.words.join('|')}) return 1 ;;`];
  if (flag.value === 'path') return [`        ${flag.words.join('|')}) _files; return ;;`];
  return [`        ${flag.words.join('|')}) ${offer(flag.value.choices)}; return ;;`];
}

function branch(node: Node): string {
  const values = node.flags.flatMap(valueBranch);
  const choice = values.length === 0 ? '' : `      case "$prev" in\n${values.join('\n')}\n      esac\n`;
  return `    ${quoted(node.path.join(' '))})
${choice}      things=(${node.words.map((each) => described(each.word, each.about)).join(' ')})
      flags=(${node.flags.flatMap((flag) => flag.words.map((word) => described(word, flag.about))).join(' ')})
      ;;`;
}

/** The script for zsh, to be sourced or to lie in a folder of `fpath` as `_keywright`. */
export function zshScript(nodes: readonly Node[]): string {
  const places = nodes.filter((node) => node.path.length > 0).map((node) => quoted(node.path.join(' ')));
  return `#compdef keywright kw
# keywright completion for zsh. Made by "keywright completion zsh"; changes are lost when it is made again.
_keywright() {
  local place="" next word prev="\${words[CURRENT-1]}" i
  local -a things flags
  for ((i = 2; i < CURRENT; i++)); do
    word="\${words[i]}"
    next="\${place:+$place }$word"
    case "$next" in
      ${places.join('|')}) place="$next" ;;
      *) break ;;
    esac
  done
  case "$place" in
${nodes.map(branch).join('\n')}
  esac
  if [[ "\${words[CURRENT]}" == -* ]]; then
    _describe 'flag' flags -o
  elif (( \${#things} )); then
    _describe 'word' things
  fi
}
if [[ "$funcstack[1]" == _keywright ]]; then
  _keywright "$@"
else
  compdef _keywright keywright kw
fi
`;
}
