# keywright completion for bash. Made by "keywright completion bash"; changes are lost when it is made again.
_keywright() {
  local cur prev place next word i words flags files
  cur="${COMP_WORDS[COMP_CWORD]}"
  prev="${COMP_WORDS[COMP_CWORD-1]}"
  place="" words="" flags="" files=""
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    word="${COMP_WORDS[i]}"
    if [ -z "$place" ]; then next="$word"; else next="$place $word"; fi
    case "$next" in
      "auth"|"store"|"backend"|"login"|"logout"|"whoami"|"use"|"auth status"|"auth token"|"auth create-key"|"auth list-keys"|"auth revoke-key"|"store status"|"store migrate"|"doctor"|"completion"|"backend start") place="$next" ;;
      *) break ;;
    esac
  done
  case "$place" in
    "")
      words="login logout whoami use auth store doctor completion backend" flags="--help --version"
      ;;
    "auth")
      words="status token create-key list-keys revoke-key" flags="--help"
      ;;
    "store")
      words="status migrate" flags="--help"
      ;;
    "backend")
      words="start" flags="--help"
      ;;
    "login")
      case "$prev" in
        --scope) return ;;
        --complete) return ;;
        --store) words="keychain file" ;;
        --provider) words="memax" ;;
        --account) return ;;
        *) words="memax" flags="--browser --no-browser --device --with-token --dpop --scope --begin --complete --no-wait --store --provider --account --json --quiet --debug --no-input --help" ;;
      esac
      ;;
    "logout")
      case "$prev" in
        --provider) words="memax" ;;
        --account) return ;;
        *) words="memax" flags="--all --local-only --provider --account --json --quiet --debug --no-input --help" ;;
      esac
      ;;
    "whoami")
      case "$prev" in
        --provider) words="memax" ;;
        --account) return ;;
        *) words="memax" flags="--explain --provider --account --json --quiet --debug --no-input --help" ;;
      esac
      ;;
    "use")
      case "$prev" in
        --provider) words="memax" ;;
        --account) return ;;
        *) words="" flags="--here --clear --provider --account --json --quiet --debug --no-input --help" ;;
      esac
      ;;
    "auth status")
      case "$prev" in
        --provider) words="memax" ;;
        --account) return ;;
        *) words="" flags="--check --provider --account --json --quiet --debug --no-input --help" ;;
      esac
      ;;
    "auth token")
      case "$prev" in
        --provider) words="memax" ;;
        --account) return ;;
        *) words="" flags="--header --provider --account --json --quiet --debug --no-input --help" ;;
      esac
      ;;
    "auth create-key")
      case "$prev" in
        --scope) return ;;
        --expires) return ;;
        --agent) return ;;
        --provider) words="memax" ;;
        --account) return ;;
        *) words="" flags="--scope --expires --agent --provider --account --json --quiet --debug --no-input --help" ;;
      esac
      ;;
    "auth list-keys")
      case "$prev" in
        --provider) words="memax" ;;
        --account) return ;;
        *) words="" flags="--provider --account --json --quiet --debug --no-input --help" ;;
      esac
      ;;
    "auth revoke-key")
      case "$prev" in
        --provider) words="memax" ;;
        --account) return ;;
        *) words="" flags="--self --provider --account --json --quiet --debug --no-input --help" ;;
      esac
      ;;
    "store status")
      case "$prev" in
        --provider) words="memax" ;;
        --account) return ;;
        *) words="" flags="--provider --account --json --quiet --debug --no-input --help" ;;
      esac
      ;;
    "store migrate")
      case "$prev" in
        --to) words="keychain file" ;;
        --provider) words="memax" ;;
        --account) return ;;
        *) words="" flags="--to --dry-run --provider --account --json --quiet --debug --no-input --help" ;;
      esac
      ;;
    "doctor")
      case "$prev" in
        --provider) words="memax" ;;
        --account) return ;;
        *) words="" flags="--offline --provider --account --json --quiet --debug --no-input --help" ;;
      esac
      ;;
    "completion")
      case "$prev" in
        --provider) words="memax" ;;
        --account) return ;;
        *) words="bash zsh fish powershell" flags="--provider --account --json --quiet --debug --no-input --help" ;;
      esac
      ;;
    "backend start")
      case "$prev" in
        --data) files=1 ;;
        --port) return ;;
        --provider) words="memax" ;;
        --account) return ;;
        *) words="memax" flags="--data --port --device --dpop --provider --account --json --quiet --debug --no-input --help" ;;
      esac
      ;;
  esac
  if [ -n "$files" ]; then
    local IFS=$'\n'
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
}
complete -F _keywright keywright kw
