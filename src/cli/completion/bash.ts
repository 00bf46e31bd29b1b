import type { Node } from './tree.ts';

const line = (words: readonly string[]): string => words.join(' ');

function branch(node: Node): string {
  const values = node.flags.flatMap((flag) => {
    if (flag.value === 'none') return [];
    if (flag.value === 'text') return [`        ${flag.words.join('|')}) return ;;`];
    if (flag.value === 'path') return [`        ${flag.words.join('|')}) files=1 ;;`];
    return [`        ${flag.words.join('|')}) words="${line(flag.value.choices)}" ;;`];
  });
  const cases =
    values.length === 0
      ? ''
      : `      case "$prev" in\n${values.join('\n')}\n        *) words="${line(node.words.map((each) => each.word))}" flags="${line(node.flags.flatMap((flag) => flag.words))}" ;;\n      esac\n`;
  const plain = `      words="${line(node.words.map((each) => each.word))}" flags="${line(node.flags.flatMap((flag) => flag.words))}"\n`;
  return `    "${line(node.path)}")\n${values.length === 0 ? plain : cases}      ;;`;
}

/**
 * The script for bash 3.2 and later, without bash-completion. Every candidate is a fixed word that is compared as text:
 * nothing that stands on the command line is evaluated, and `compgen -W`, which would expand it, is not used.
 * A word that ends with a colon is the beginning of one: no space follows it.
 */
export function bashScript(nodes: readonly Node[]): string {
  const places = nodes.filter((node) => node.path.length > 0).map((node) => `"${line(node.path)}"`);
  return `# keywright completion for bash. Made by "keywright completion bash"; changes are lost when it is made again.
_keywright() {
  local cur prev place next word i words flags files
  cur="\${COMP_WORDS[COMP_CWORD]}"
  prev="\${COMP_WORDS[COMP_CWORD-1]}"
  place="" words="" flags="" files=""
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    word="\${COMP_WORDS[i]}"
    if [ -z "$place" ]; then next="$word"; else next="$place $word"; fi
    case "$next" in
      ${places.join('|')}) place="$next" ;;
      *) break ;;
    esac
  done
  case "$place" in
${nodes.map(branch).join('\n')}
  esac
  if [ -n "$files" ]; then
    local IFS=$'\\n'
    COMPREPLY=($(compgen -f -- "$cur"))
    compopt -o filenames 2>/dev/null
    return
  fi
  case "$cur" in
    -*) words="$flags" ;;
  esac
  for word in $words; do
    case "$word" in
      "$cur"*) COMPREPLY+=("$word") ;;
    esac
  done
  case "\${COMPREPLY[0]-}" in
    *:) [ "\${#COMPREPLY[@]}" -eq 1 ] && compopt -o nospace 2>/dev/null ;;
  esac
  return 0
}
complete -F _keywright keywright kw
`;
}
