import { header, type Place, placesOf, type Spot, spotsOf } from './cases.ts';
import type { Node } from './tree.ts';

const line = (words: readonly string[]): string => words.join(' ');

/** What bash and zsh both read of a place, beside its words and flags. */
export function placeFacts({ valued, last, after }: Place): string {
  return `valued=" ${line(valued)} " last="${last ?? ''}" after="${after ? 'yes' : ''}"`;
}

/** A case of bash and zsh: what is offered at some spots. */
export function spotCase({ at, values: { choices, asks, paths } }: Spot): string {
  const parts = [
    ...(choices.length === 0 ? [] : [`choices="${line(choices)}"`]),
    ...(asks === null ? [] : [`asks="${asks}"`]),
    ...(paths.length === 0 ? [] : [`paths="${paths === 'all' ? 'all' : line(paths)}"`]),
  ];
  return `    ${at.map((each) => `"${each}"`).join('|')}) ${parts.join(' ')} ;;`;
}

function placeCase(place: Place): string {
  return `    "${place.name}") words="${line(place.words.map(({ word }) => word))}" flags="${line(place.flags.map(({ word }) => word))}" ${placeFacts(place)} ;;`;
}

/**
 * The script for bash 3.2 and later, without bash-completion. What stands on the command line is compared as text and never evaluated; neither
 * `eval` nor `compgen -W`, which would expand candidates, is used, and what the program answers is let through only if it is plain.
 * The line is cut at white space by ourselves, since bash cuts words at other characters too; what it has cut off in front of the
 * cursor is cut off the candidates again.
 */
export function bashScript(nodes: readonly Node[], version: string): string {
  const places = placesOf(nodes);
  const names = places.filter(({ name }) => name !== '').map(({ name }) => `"${name}"`);
  return `${header('bash', version)}
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
  local answer
  while IFS= read -r answer; do
    answer="\${answer%%$'\\t'*}"
    case "$answer" in
      ''|-*|*[!A-Za-z0-9_.@-]*) ;;
      *) choices="$choices $answer" ;;
    esac
  done <<< "$(command keywright __complete "$asks" \${provider:+--provider "$provider"} \${account:+--account "$account"} -- "$value" 2>/dev/null </dev/null)"
}
_keywright_files() {
  local file
  if compopt -o default 2>/dev/null; then return; fi
  while IFS= read -r file; do
    [ -z "$file" ] || COMPREPLY+=("$file")
  done <<< "$(compgen -f -- "$1")"
}
_keywright_offer() {
  local word
  for word in $1; do
    case "$2$word" in
      "$whole"*) word="$2$word"; COMPREPLY+=("\${word:\${#stem}}") ;;
    esac
  done
  case "\${COMPREPLY[0]-}" in
    *:) [ "\${#COMPREPLY[@]}" -eq 1 ] && compopt -o nospace 2>/dev/null ;;
  esac
  return 0
}
_keywright() {
  local LC_ALL=C IFS=$' \\t\\n'
  local typed whole="" value stem="" front="" place="" next word i=0 count n=0 flag="" dashes="" provider="" account=""
  local words="" flags="" valued="" last="" after="" choices="" asks="" paths=""
  COMPREPLY=()
  word="\${COMP_LINE:0:COMP_POINT}"
  read -r -d '' -a typed <<< "$word"
  count=\${#typed[@]}
  case "$word" in
    ''|*[[:space:]]) ;;
    *) count=$((count - 1)); whole="\${typed[count]}" ;;
  esac
  while [ "$i" -lt "$count" ] && [ "\${typed[i]}" != "\${COMP_WORDS[0]}" ]; do i=$((i + 1)); done
  for ((i = i + 1; i < count; i++)); do
    next="\${place:+$place }\${typed[i]}"
    case "$next" in
      ${names.join('|')}) place="$next" ;;
      *) break ;;
    esac
  done
  _keywright_place "$place"
  for ((; i < count; i++)); do
    word="\${typed[i]}"
    if [ -n "$flag" ]; then
      next="$flag=$word" flag=""
    else
      next="$word"
      case "$word" in
        --) if [ -n "$after" ]; then dashes="$i"; break; fi ;;
        --*=*) ;;
        -*) case "$valued" in *" $word "*) flag="$word" ;; esac ;;
        *) n=$((n + 1)) ;;
      esac
    fi
    case "$next" in
      --provider=*) provider="\${next#*=}" ;;
      --account=*) account="\${next#*=}" ;;
    esac
  done
  if [ -n "$dashes" ]; then
    if [ "$dashes" -eq $((count - 1)) ]; then
      while IFS= read -r word; do
        [ -z "$word" ] || COMPREPLY+=("$word")
      done <<< "$(compgen -c -- "$whole")"
    fi
    [ "\${#COMPREPLY[@]}" -gt 0 ] || _keywright_files "$whole"
    return 0
  fi
  case "$provider" in *[!a-z0-9-]*) provider="" ;; esac
  case "$account" in -*|*[!A-Za-z0-9_.@+-]*) account="" ;; esac
  for word in = : @; do
    case "$COMP_WORDBREAKS" in *"$word"*) ;; *) continue ;; esac
    case "$whole" in *"$word"*) ;; *) continue ;; esac
    next="\${whole%"$word"*}"
    [ "$word" = @ ] || next="$next$word"
    [ "\${#next}" -le "\${#stem}" ] || stem="$next"
  done
  value="$whole"
  if [ -z "$flag" ]; then
    case "$whole" in
      --*=*) flag="\${whole%%=*}" front="\${whole%%=*}=" value="\${whole#*=}" ;;
      -*) _keywright_offer "$flags" ""; return 0 ;;
    esac
  fi
  if [ -n "$flag" ]; then
    _keywright_spot "$place $flag"
  else
    if [ -n "$last" ] && [ "$n" -gt "$last" ]; then n="$last"; fi
    if [ "$n" -eq 0 ]; then choices="$words"; fi
    word="$choices"
    _keywright_spot "$place $n"
    if [ "$word" != "$choices" ]; then choices="$word $choices"; fi
  fi
  if [ "$paths" = all ]; then _keywright_files "$value"; return 0; fi
  for word in $paths; do
    case "$value" in "$word"*) _keywright_files "\${value#"$word"}"; return 0 ;; esac
  done
  if [ -n "$asks" ]; then _keywright_ask; fi
  _keywright_offer "$choices" "$front"
}
complete -F _keywright keywright kw
`;
}
