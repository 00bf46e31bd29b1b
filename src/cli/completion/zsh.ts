import { placeFacts, spotCase } from './bash.ts';
import { header, type Place, placesOf, spotsOf } from './cases.ts';
import type { Node } from './tree.ts';

/** Inside single quotes of a shell script, and with the colon that separates a word from its description kept out. */
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
const described = ({ word, about }: { readonly word: string; readonly about: string }): string =>
  quoted(about === '' ? word : `${word}:${about.replaceAll(':', ' -')}`);

function placeCase(place: Place): string {
  return `    "${place.name}")
      things=(${place.words.map(described).join(' ')})
      flags=(${place.flags.map(described).join(' ')})
      ${placeFacts(place)} ;;`;
}

/**
 * The script for zsh, to be sourced or to lie in a folder of `fpath` as `_keywright`. Values that the program answers are let through only
 * if they are plain, and their descriptions are shown by `compadd -d`, which takes them as they are. Options stay as the completion system has set
 * them, since its functions need them so. Its own completion of files runs a command that stands in a path: such a path is left alone.
 */
export function zshScript(nodes: readonly Node[], version: string): string {
  const places = placesOf(nodes);
  const names = places.filter(({ name }) => name !== '').map(({ name }) => `"${name}"`);
  return `#compdef keywright kw
${header('zsh', version)}
_keywright_place() {
  case "$1" in
${places.map(placeCase).join('\n')}
  esac
}
_keywright_spot() {
  case "$1" in
${spotsOf(nodes).map(spotCase).join('\n')}
  esac
}
_keywright_ask() {
  local answer word
  local -a values shown
  for answer in "\${(@f)$(command keywright __complete "$asks" \${provider:+--provider} \${provider:+"$provider"} \${account:+--account} \${account:+"$account"} -- "$PREFIX" 2>/dev/null </dev/null)}"; do
    word="\${answer%%$'\\t'*}"
    [[ -n "$word" && "$word" != -* && "$word" != *[^A-Za-z0-9_.@-]* ]] || continue
    answer="\${answer#*$'\\t'}"
    values+=("$word")
    shown+=("$word\${answer:+  -- $answer}")
  done
  (( \${#values} )) && compadd -l -d shown -a values
}
_keywright_offer() {
  local word
  local -a whole open
  for word in \${=choices}; do
    if [[ "$word" == *: ]]; then open+=("$word"); else whole+=("$word"); fi
  done
  (( \${#whole} )) && compadd -a whole
  (( \${#open} )) && compadd -S '' -a open
}
_keywright_files() {
  [[ "$PREFIX" == *['\`(']* ]] || _files
}
_keywright() {
  local place="" next word flag="" value provider="" account="" i n=0 dashes=""
  local valued="" last="" after="" choices="" asks="" paths=""
  local -a things flags
  for ((i = 2; i < CURRENT; i++)); do
    next="\${place:+$place }\${words[i]}"
    case "$next" in
      ${names.join('|')}) place="$next" ;;
      *) break ;;
    esac
  done
  _keywright_place "$place"
  for ((; i < CURRENT; i++)); do
    word="\${words[i]}"
    if [[ -n "$flag" ]]; then
      next="$flag=$word" flag=""
    else
      next="$word"
      case "$word" in
        --) if [[ -n "$after" ]]; then dashes="$i"; break; fi ;;
        --*=*) ;;
        -*) if [[ "$valued" == *" $word "* ]]; then flag="$word"; fi ;;
        *) (( n += 1 )) ;;
      esac
    fi
    case "$next" in
      --provider=*) provider="\${next#*=}" ;;
      --account=*) account="\${next#*=}" ;;
    esac
  done
  if [[ -n "$dashes" ]]; then
    shift "$dashes" words
    (( CURRENT -= dashes ))
    [[ "$PREFIX" == *['\`(']* ]] || _normal
    return
  fi
  if [[ "$provider" == *[^a-z0-9-]* ]]; then provider=""; fi
  if [[ "$account" == -* || "$account" == *[^A-Za-z0-9_.@+-]* ]]; then account=""; fi
  if [[ -z "$flag" ]]; then
    if [[ "$PREFIX" == --*=* ]]; then
      flag="\${PREFIX%%=*}"
      compset -p $((\${#flag} + 1))
    elif [[ "$PREFIX" == -* ]]; then
      _describe 'flag' flags -o
      return
    fi
  fi
  if [[ -n "$flag" ]]; then
    _keywright_spot "$place $flag"
  else
    if [[ -n "$last" ]] && (( n > last )); then n="$last"; fi
    _keywright_spot "$place $n"
    if (( n == 0 && \${#things} )); then _describe 'command' things; fi
  fi
  if [[ "$paths" == all ]]; then _keywright_files; return; fi
  for word in \${=paths}; do
    if [[ "$PREFIX" == "$word"* ]]; then
      compset -p \${#word}
      _keywright_files
      return
    fi
  done
  _keywright_offer
  if [[ -n "$asks" ]]; then _keywright_ask; fi
  (( compstate[nmatches] ))
}
if [[ "$funcstack[1]" == _keywright ]]; then
  _keywright "$@"
else
  compdef _keywright keywright kw
fi
`;
}
