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
      "auth"|"providers"|"store"|"backend"|"login"|"logout"|"whoami"|"use"|"auth status"|"auth token"|"auth create-key"|"auth list-keys"|"auth rotate-key"|"auth revoke-key"|"auth create-client-token"|"auth show-client-token"|"auth revoke-client-token"|"api"|"run"|"mcp"|"providers list"|"providers show"|"providers add"|"providers remove"|"auth create-grant"|"auth list-grants"|"auth revoke-grant"|"store status"|"store migrate"|"doctor"|"completion"|"backend start") place="$next" ;;
      *) break ;;
    esac
  done
  case "$place" in
    "")
      words="login logout whoami use auth api run mcp providers store doctor completion backend" flags="--help --version"
      ;;
    "auth")
      words="status token create-key list-keys rotate-key revoke-key create-client-token show-client-token revoke-client-token create-grant list-grants revoke-grant" flags="--help"
      ;;
    "providers")
      words="list show add remove" flags="--help"
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
        --project) return ;;
        --store) words="keychain file" ;;
        --provider) words="memax minds reminix agntix" ;;
        --account) return ;;
        *) words="memax minds reminix agntix" flags="--browser --no-browser --device --with-token --dpop --scope --begin --complete --no-wait --project --store --provider --account --json --quiet --debug --no-input --help" ;;
      esac
      ;;
    "logout")
      case "$prev" in
        --provider) words="memax minds reminix agntix" ;;
        --account) return ;;
        *) words="memax minds reminix agntix" flags="--all --local-only --provider --account --json --quiet --debug --no-input --help" ;;
      esac
      ;;
    "whoami")
      case "$prev" in
        --project) return ;;
        --provider) words="memax minds reminix agntix" ;;
        --account) return ;;
        *) words="memax minds reminix agntix" flags="--project --explain --provider --account --json --quiet --debug --no-input --help" ;;
      esac
      ;;
    "use")
      case "$prev" in
        --project) return ;;
        --provider) words="memax minds reminix agntix" ;;
        --account) return ;;
        *) words="" flags="--project --here --clear --provider --account --json --quiet --debug --no-input --help" ;;
      esac
      ;;
    "auth status")
      case "$prev" in
        --provider) words="memax minds reminix agntix" ;;
        --account) return ;;
        *) words="" flags="--check --provider --account --json --quiet --debug --no-input --help" ;;
      esac
      ;;
    "auth token")
      case "$prev" in
        --provider) words="memax minds reminix agntix" ;;
        --account) return ;;
        *) words="" flags="--header --provider --account --json --quiet --debug --no-input --help" ;;
      esac
      ;;
    "auth create-key")
      case "$prev" in
        --scope) return ;;
        --expires) return ;;
        --agent) return ;;
        --hub) return ;;
        --trust) return ;;
        --to) words="stdout file: env-file: clipboard github-env: github-secret: gitlab-var: exec:" ;;
        --format) words="raw env json" ;;
        --provider) words="memax minds reminix agntix" ;;
        --account) return ;;
        *) words="" flags="--scope --expires --agent --read-only --hub --trust --to --format --provider --account --json --quiet --debug --no-input --help" ;;
      esac
      ;;
    "auth list-keys")
      case "$prev" in
        --stale) return ;;
        --expiring) return ;;
        --agent) return ;;
        --name) return ;;
        --sort) words="created used expires name" ;;
        --limit) return ;;
        --provider) words="memax minds reminix agntix" ;;
        --account) return ;;
        *) words="" flags="--stale --expiring --expired --agent --name --sort --limit --jsonl --provider --account --json --quiet --debug --no-input --help" ;;
      esac
      ;;
    "auth rotate-key")
      case "$prev" in
        --to) words="stdout file: env-file: clipboard github-env: github-secret: gitlab-var: exec:" ;;
        --format) words="raw env json" ;;
        --grace) return ;;
        --older-than) return ;;
        --provider) words="memax minds reminix agntix" ;;
        --account) return ;;
        *) words="" flags="--to --format --grace --now --older-than --dry-run --yes --resume --all --rollback --provider --account --json --quiet --debug --no-input --help" ;;
      esac
      ;;
    "auth revoke-key")
      case "$prev" in
        --stale) return ;;
        --name) return ;;
        --agent) return ;;
        --provider) words="memax minds reminix agntix" ;;
        --account) return ;;
        *) words="" flags="--stale --name --agent --expired --dry-run --yes --self --provider --account --json --quiet --debug --no-input --help" ;;
      esac
      ;;
    "auth create-client-token")
      case "$prev" in
        --public) return ;;
        --server) return ;;
        --ttl) return ;;
        --permission) return ;;
        --project) return ;;
        --provider) words="memax minds reminix agntix" ;;
        --account) return ;;
        *) words="" flags="--public --server --ttl --permission --project --provider --account --json --quiet --debug --no-input --help" ;;
      esac
      ;;
    "auth show-client-token")
      case "$prev" in
        --provider) words="memax minds reminix agntix" ;;
        --account) return ;;
        *) words="" flags="--provider --account --json --quiet --debug --no-input --help" ;;
      esac
      ;;
    "auth revoke-client-token")
      case "$prev" in
        --project) return ;;
        --provider) words="memax minds reminix agntix" ;;
        --account) return ;;
        *) words="" flags="--project --provider --account --json --quiet --debug --no-input --help" ;;
      esac
      ;;
    "api")
      case "$prev" in
        --field|-f) return ;;
        --file-field|-F) return ;;
        --input) files=1 ;;
        --project) return ;;
        --provider) words="memax minds reminix agntix" ;;
        --account) return ;;
        *) words="GET HEAD POST PUT PATCH DELETE" flags="--field -f --file-field -F --input --paginate --include --project --provider --account --json --quiet --debug --no-input --help" ;;
      esac
      ;;
    "run")
      case "$prev" in
        --scope) return ;;
        --env) return ;;
        --project) return ;;
        --provider) words="memax minds reminix agntix" ;;
        --account) return ;;
        *) words="" flags="--ephemeral --scope --read-only --env --no-mask --project --provider --account --json --quiet --debug --no-input --help" ;;
      esac
      ;;
    "mcp")
      case "$prev" in
        --grant) return ;;
        --dbus) return ;;
        --state) files=1 ;;
        --data) files=1 ;;
        --provider) words="memax minds reminix agntix" ;;
        --account) return ;;
        *) words="" flags="--grant --dbus --state --data --provider --account --json --quiet --debug --no-input --help" ;;
      esac
      ;;
    "providers list")
      case "$prev" in
        --provider) words="memax minds reminix agntix" ;;
        --account) return ;;
        *) words="" flags="--provider --account --json --quiet --debug --no-input --help" ;;
      esac
      ;;
    "providers show")
      case "$prev" in
        --provider) words="memax minds reminix agntix" ;;
        --account) return ;;
        *) words="memax minds reminix agntix" flags="--provider --account --json --quiet --debug --no-input --help" ;;
      esac
      ;;
    "providers add")
      case "$prev" in
        --provider) words="memax minds reminix agntix" ;;
        --account) return ;;
        *) words="" flags="--yes --replace --provider --account --json --quiet --debug --no-input --help" ;;
      esac
      ;;
    "providers remove")
      case "$prev" in
        --provider) words="memax minds reminix agntix" ;;
        --account) return ;;
        *) words="" flags="--force --provider --account --json --quiet --debug --no-input --help" ;;
      esac
      ;;
    "auth create-grant")
      case "$prev" in
        --agent) return ;;
        --scope) return ;;
        --expires) return ;;
        --device) return ;;
        --provider) words="memax minds reminix agntix" ;;
        --account) return ;;
        *) words="" flags="--agent --scope --expires --device --renew --provider --account --json --quiet --debug --no-input --help" ;;
      esac
      ;;
    "auth list-grants")
      case "$prev" in
        --agent) return ;;
        --provider) words="memax minds reminix agntix" ;;
        --account) return ;;
        *) words="" flags="--agent --provider --account --json --quiet --debug --no-input --help" ;;
      esac
      ;;
    "auth revoke-grant")
      case "$prev" in
        --agent) return ;;
        --provider) words="memax minds reminix agntix" ;;
        --account) return ;;
        *) words="" flags="--agent --provider --account --json --quiet --debug --no-input --help" ;;
      esac
      ;;
    "store status")
      case "$prev" in
        --provider) words="memax minds reminix agntix" ;;
        --account) return ;;
        *) words="" flags="--provider --account --json --quiet --debug --no-input --help" ;;
      esac
      ;;
    "store migrate")
      case "$prev" in
        --to) words="keychain file" ;;
        --provider) words="memax minds reminix agntix" ;;
        --account) return ;;
        *) words="" flags="--to --dry-run --provider --account --json --quiet --debug --no-input --help" ;;
      esac
      ;;
    "doctor")
      case "$prev" in
        --provider) words="memax minds reminix agntix" ;;
        --account) return ;;
        *) words="" flags="--offline --provider --account --json --quiet --debug --no-input --help" ;;
      esac
      ;;
    "completion")
      case "$prev" in
        --provider) words="memax minds reminix agntix" ;;
        --account) return ;;
        *) words="bash zsh fish powershell" flags="--provider --account --json --quiet --debug --no-input --help" ;;
      esac
      ;;
    "backend start")
      case "$prev" in
        --data) files=1 ;;
        --port) return ;;
        --provider) words="memax minds reminix agntix" ;;
        --account) return ;;
        *) words="memax minds reminix agntix" flags="--data --port --device --dpop --provider --account --json --quiet --debug --no-input --help" ;;
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
  case "${COMPREPLY[0]-}" in
    *:) [ "${#COMPREPLY[@]}" -eq 1 ] && compopt -o nospace 2>/dev/null ;;
  esac
  return 0
}
complete -F _keywright keywright kw
