# keywright 0.1.0 completion for bash. Made by "keywright completion bash"; changes are lost when it is made again.
_keywright_place() {
  case "$1" in
    "") words="login logout whoami use auth api run mcp providers setup teardown store doctor completion backend help" flags="--help --version" valued="  " last="" after="" ;;
    "auth") words="status token create-key list-keys rotate-key revoke-key create-client-token show-client-token revoke-client-token create-grant list-grants revoke-grant" flags="--help" valued="  " last="" after="" ;;
    "providers") words="list show add remove" flags="--help" valued="  " last="" after="" ;;
    "store") words="status migrate" flags="--help" valued="  " last="" after="" ;;
    "backend") words="start" flags="--help" valued="  " last="" after="" ;;
    "login") words="" flags="--browser --no-browser --device --with-token --dpop --scope --begin --complete --no-wait --project --store --provider --account --json --quiet --debug --no-input --no-color --help" valued=" --scope --complete --project --store --provider --account " last="" after="" ;;
    "logout") words="" flags="--all --local-only --provider --account --json --quiet --debug --no-input --no-color --help" valued=" --provider --account " last="" after="" ;;
    "whoami") words="" flags="--project --explain --provider --account --json --quiet --debug --no-input --no-color --help" valued=" --project --provider --account " last="" after="" ;;
    "use") words="" flags="--project --here --clear --provider --account --json --quiet --debug --no-input --no-color --help" valued=" --project --provider --account " last="" after="" ;;
    "auth status") words="" flags="--check --jsonl --provider --account --json --quiet --debug --no-input --no-color --help" valued=" --provider --account " last="" after="" ;;
    "auth token") words="" flags="--header --provider --account --json --quiet --debug --no-input --no-color --help" valued=" --provider --account " last="" after="" ;;
    "auth create-key") words="" flags="--scope --expires --agent --read-only --hub --trust --to --format --provider --account --json --quiet --debug --no-input --no-color --help" valued=" --scope --expires --agent --hub --trust --to --format --provider --account " last="" after="" ;;
    "auth list-keys") words="" flags="--stale --expiring --expired --agent --name --sort --limit --jsonl --provider --account --json --quiet --debug --no-input --no-color --help" valued=" --stale --expiring --agent --name --sort --limit --provider --account " last="" after="" ;;
    "auth rotate-key") words="" flags="--grant --to --format --grace --now --older-than --dry-run --yes --resume --all --rollback --forget --provider --account --json --quiet --debug --no-input --no-color --help" valued=" --grant --to --format --grace --older-than --provider --account " last="" after="" ;;
    "auth revoke-key") words="" flags="--stale --name --agent --expired --dry-run --yes --self --provider --account --json --quiet --debug --no-input --no-color --help" valued=" --stale --name --agent --provider --account " last="0" after="" ;;
    "auth create-client-token") words="" flags="--public --server --ttl --permission --project --provider --account --json --quiet --debug --no-input --no-color --help" valued=" --public --server --ttl --permission --project --provider --account " last="" after="" ;;
    "auth show-client-token") words="" flags="--provider --account --json --quiet --debug --no-input --no-color --help" valued=" --provider --account " last="" after="" ;;
    "auth revoke-client-token") words="" flags="--project --provider --account --json --quiet --debug --no-input --no-color --help" valued=" --project --provider --account " last="0" after="" ;;
    "api") words="" flags="--field -f --file-field -F --input --paginate --include --project --provider --account --json --quiet --debug --no-input --no-color --help" valued=" --field -f --file-field -F --input --project --provider --account " last="" after="" ;;
    "run") words="" flags="--ephemeral --scope --read-only --env --no-mask --project --provider --account --json --quiet --debug --no-input --no-color --help" valued=" --scope --env --project --provider --account " last="" after="yes" ;;
    "mcp") words="" flags="--grant --dbus --state --data --provider --account --json --quiet --debug --no-input --no-color --help" valued=" --grant --dbus --state --data --provider --account " last="" after="" ;;
    "providers list") words="" flags="--jsonl --provider --account --json --quiet --debug --no-input --no-color --help" valued=" --provider --account " last="" after="" ;;
    "providers show") words="" flags="--provider --account --json --quiet --debug --no-input --no-color --help" valued=" --provider --account " last="" after="" ;;
    "providers add") words="" flags="--yes --replace --provider --account --json --quiet --debug --no-input --no-color --help" valued=" --provider --account " last="" after="" ;;
    "providers remove") words="" flags="--force --provider --account --json --quiet --debug --no-input --no-color --help" valued=" --provider --account " last="" after="" ;;
    "auth create-grant") words="" flags="--agent --scope --expires --device --renew --provider --account --json --quiet --debug --no-input --no-color --help" valued=" --agent --scope --expires --device --provider --account " last="" after="" ;;
    "auth list-grants") words="" flags="--agent --jsonl --provider --account --json --quiet --debug --no-input --no-color --help" valued=" --agent --provider --account " last="" after="" ;;
    "auth revoke-grant") words="" flags="--agent --yes --provider --account --json --quiet --debug --no-input --no-color --help" valued=" --agent --provider --account " last="0" after="" ;;
    "setup") words="" flags="--mcp --only --skip --project --check --dry-run --print --scope --expires --renew --device --replace-plain-keys --yes --provider --account --json --quiet --debug --no-input --no-color --help" valued=" --only --skip --scope --expires --device --provider --account " last="" after="" ;;
    "teardown") words="" flags="--only --skip --project --dry-run --yes --provider --account --json --quiet --debug --no-input --no-color --help" valued=" --only --skip --provider --account " last="" after="" ;;
    "store status") words="" flags="--jsonl --provider --account --json --quiet --debug --no-input --no-color --help" valued=" --provider --account " last="" after="" ;;
    "store migrate") words="" flags="--to --dry-run --provider --account --json --quiet --debug --no-input --no-color --help" valued=" --to --provider --account " last="" after="" ;;
    "doctor") words="" flags="--offline --jsonl --provider --account --json --quiet --debug --no-input --no-color --help" valued=" --provider --account " last="" after="" ;;
    "completion") words="install uninstall" flags="--provider --account --json --quiet --debug --no-input --no-color --help" valued=" --provider --account " last="" after="" ;;
    "completion install") words="" flags="--provider --account --json --quiet --debug --no-input --no-color --help" valued=" --provider --account " last="" after="" ;;
    "completion uninstall") words="" flags="--provider --account --json --quiet --debug --no-input --no-color --help" valued=" --provider --account " last="" after="" ;;
    "backend start") words="" flags="--data --port --device --dpop --provider --account --json --quiet --debug --no-input --no-color --help" valued=" --data --port --provider --account " last="0" after="" ;;
    "help") words="login logout whoami use auth api run mcp providers setup teardown store doctor completion backend exit-codes environment formatting" flags="" valued="  " last="" after="" ;;
    "help auth") words="status token create-key list-keys rotate-key revoke-key create-client-token show-client-token revoke-client-token create-grant list-grants revoke-grant" flags="" valued="  " last="" after="" ;;
    "help providers") words="list show add remove" flags="" valued="  " last="" after="" ;;
    "help store") words="status migrate" flags="" valued="  " last="" after="" ;;
    "help completion") words="install uninstall" flags="" valued="  " last="" after="" ;;
    "help backend") words="start" flags="" valued="  " last="" after="" ;;
  esac
}
_keywright_spot() {
  case "$1" in
    "login 0"|"login --provider"|"logout 0"|"logout --provider"|"whoami 0"|"whoami --provider"|"use 0"|"use --provider"|"auth status --provider"|"auth token --provider"|"auth create-key --provider"|"auth list-keys --provider"|"auth rotate-key --provider"|"auth revoke-key --provider"|"auth create-client-token --provider"|"auth show-client-token --provider"|"auth revoke-client-token --provider"|"api --provider"|"run --provider"|"mcp 0"|"mcp --provider"|"providers list --provider"|"providers show 0"|"providers show --provider"|"providers add --provider"|"providers remove --provider"|"auth create-grant --provider"|"auth list-grants --provider"|"auth revoke-grant --provider"|"setup --provider"|"teardown --provider"|"store status --provider"|"store migrate --provider"|"doctor --provider"|"completion --provider"|"completion install --provider"|"completion uninstall --provider"|"backend start --provider") choices="memax minds reminix agntix" asks="providers" ;;
    "login --scope") choices="memax:read memax:write" ;;
    "login --complete") asks="sign-ins" ;;
    "login --store"|"store migrate --to") choices="keychain file" ;;
    "login --account"|"logout --account"|"whoami --account"|"use --account"|"auth status --account"|"auth token --account"|"auth create-key --account"|"auth list-keys --account"|"auth rotate-key --account"|"auth revoke-key --account"|"auth create-client-token --account"|"auth show-client-token --account"|"auth revoke-client-token --account"|"api --account"|"run --account"|"mcp --account"|"providers list --account"|"providers show --account"|"providers add --account"|"providers remove --account"|"auth create-grant --account"|"auth list-grants --account"|"auth revoke-grant --account"|"setup --account"|"teardown --account"|"store status --account"|"store migrate --account"|"doctor --account"|"completion --account"|"completion install --account"|"completion uninstall --account"|"backend start --account") asks="accounts" ;;
    "auth create-key --scope"|"run --scope"|"auth create-grant --scope") choices="read write organize delete agent-sync chat:read chat:write agents:read" ;;
    "auth create-key --agent"|"auth list-keys --agent"|"auth revoke-key --agent"|"auth create-grant --agent"|"auth list-grants --agent"|"auth revoke-grant --agent") asks="agents" ;;
    "auth create-key --trust") choices="public standard elevated admin" ;;
    "auth create-key --to"|"auth rotate-key --to") choices="stdout file: env-file: clipboard github-env: github-secret: gitlab-var: exec:" paths="file: env-file:" ;;
    "auth create-key --format"|"auth rotate-key --format") choices="raw env json" ;;
    "auth list-keys --name"|"auth revoke-key --name") asks="key-names" ;;
    "auth list-keys --sort") choices="created used expires name" ;;
    "auth rotate-key 0"|"auth revoke-key 0") asks="key-ids" ;;
    "auth rotate-key --grant"|"mcp --grant"|"auth revoke-grant 0") asks="grants" ;;
    "auth create-client-token --server") paths="@" ;;
    "auth create-client-token --permission") choices="agents:invoke agents:chat" ;;
    "api 0") choices="GET HEAD POST PUT PATCH DELETE" ;;
    "api --input"|"mcp --state"|"mcp --data"|"providers add 0"|"backend start --data") paths="all" ;;
    "providers remove 0") asks="providers" ;;
    "completion 0"|"completion install 0"|"completion uninstall 0") choices="bash zsh fish powershell" ;;
    "backend start 0") choices="memax minds reminix agntix" ;;
  esac
}
_keywright_ask() {
  local answer
  while IFS= read -r answer; do
    answer="${answer%%$'\t'*}"
    case "$answer" in
      ''|-*|*[!A-Za-z0-9_.@-]*) ;;
      *) choices="$choices $answer" ;;
    esac
  done <<< "$(command keywright __complete "$asks" ${provider:+--provider "$provider"} ${account:+--account "$account"} -- "$value" 2>/dev/null </dev/null)"
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
      "$whole"*) word="$2$word"; COMPREPLY+=("${word:${#stem}}") ;;
    esac
  done
  case "${COMPREPLY[0]-}" in
    *:) [ "${#COMPREPLY[@]}" -eq 1 ] && compopt -o nospace 2>/dev/null ;;
  esac
  return 0
}
_keywright() {
  local LC_ALL=C IFS=$' \t\n'
  local typed whole="" value stem="" front="" place="" next word i=0 count n=0 flag="" dashes="" provider="" account=""
  local words="" flags="" valued="" last="" after="" choices="" asks="" paths=""
  COMPREPLY=()
  word="${COMP_LINE:0:COMP_POINT}"
  read -r -d '' -a typed <<< "$word"
  count=${#typed[@]}
  case "$word" in
    ''|*[[:space:]]) ;;
    *) count=$((count - 1)); whole="${typed[count]}" ;;
  esac
  while [ "$i" -lt "$count" ] && [ "${typed[i]}" != "${COMP_WORDS[0]}" ]; do i=$((i + 1)); done
  for ((i = i + 1; i < count; i++)); do
    next="${place:+$place }${typed[i]}"
    case "$next" in
      "auth"|"providers"|"store"|"backend"|"login"|"logout"|"whoami"|"use"|"auth status"|"auth token"|"auth create-key"|"auth list-keys"|"auth rotate-key"|"auth revoke-key"|"auth create-client-token"|"auth show-client-token"|"auth revoke-client-token"|"api"|"run"|"mcp"|"providers list"|"providers show"|"providers add"|"providers remove"|"auth create-grant"|"auth list-grants"|"auth revoke-grant"|"setup"|"teardown"|"store status"|"store migrate"|"doctor"|"completion"|"completion install"|"completion uninstall"|"backend start"|"help"|"help auth"|"help providers"|"help store"|"help completion"|"help backend") place="$next" ;;
      *) break ;;
    esac
  done
  _keywright_place "$place"
  for ((; i < count; i++)); do
    word="${typed[i]}"
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
      --provider=*) provider="${next#*=}" ;;
      --account=*) account="${next#*=}" ;;
    esac
  done
  if [ -n "$dashes" ]; then
    if [ "$dashes" -eq $((count - 1)) ]; then
      while IFS= read -r word; do
        [ -z "$word" ] || COMPREPLY+=("$word")
      done <<< "$(compgen -c -- "$whole")"
    fi
    [ "${#COMPREPLY[@]}" -gt 0 ] || _keywright_files "$whole"
    return 0
  fi
  case "$provider" in *[!a-z0-9-]*) provider="" ;; esac
  case "$account" in -*|*[!A-Za-z0-9_.@+-]*) account="" ;; esac
  for word in = : @; do
    case "$COMP_WORDBREAKS" in *"$word"*) ;; *) continue ;; esac
    case "$whole" in *"$word"*) ;; *) continue ;; esac
    next="${whole%"$word"*}"
    [ "$word" = @ ] || next="$next$word"
    [ "${#next}" -le "${#stem}" ] || stem="$next"
  done
  value="$whole"
  if [ -z "$flag" ]; then
    case "$whole" in
      --*=*) flag="${whole%%=*}" front="${whole%%=*}=" value="${whole#*=}" ;;
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
    case "$value" in "$word"*) _keywright_files "${value#"$word"}"; return 0 ;; esac
  done
  if [ -n "$asks" ]; then _keywright_ask; fi
  _keywright_offer "$choices" "$front"
}
complete -F _keywright keywright kw
