import { header, type Place, placesOf, type Spot, spotsOf } from './cases.ts';
import type { Node } from './tree.ts';

/** Inside single quotes fish knows two escapes. */
const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

const listed = (name: string, words: readonly string[]): string => (words.length === 0 ? '' : `\n            set ${name} ${words.map(quoted).join(' ')}`);
const pairs = (all: ReadonlyArray<{ readonly word: string; readonly about: string }>): readonly string[] => all.flatMap(({ word, about }) => [word, about]);

function placeCase({ name, words, flags, valued, last, after }: Place): string {
  return `        case ${quoted(name)}${listed('things', pairs(words))}${listed('flags', pairs(flags))}${listed('valued', valued)}${last === null ? '' : `\n            set last ${last}`}${after ? '\n            set after yes' : ''}`;
}

function spotCase({ at, values: { choices, asks, paths } }: Spot): string {
  return `        case ${at.map(quoted).join(' ')}${listed('choices', choices)}${asks === null ? '' : `\n            set asks ${asks}`}${listed('paths', paths === 'all' ? ['all'] : paths)}`;
}

/**
 * The script for fish 3 and later. Candidates come from one function, as lines of a value and what it is; what the program answers is let
 * through only if it is plain. Loading it twice, for both names, makes nothing double.
 */
export function fishScript(nodes: readonly Node[], version: string): string {
  const places = placesOf(nodes);
  const names = places.filter(({ name }) => name !== '').map(({ name }) => quoted(name));
  return `${header('fish', version)}
function __keywright_place --no-scope-shadowing
    switch $place
${places.map(placeCase).join('\n')}
    end
end
function __keywright_spot --no-scope-shadowing
    switch $spot
${spotsOf(nodes).map(spotCase).join('\n')}
    end
end
function __keywright_ask
    command keywright __complete $argv 2>/dev/null </dev/null | string match -r '^[A-Za-z0-9_.@][A-Za-z0-9_.@-]*(?:\\t.*)?$'
end
function __keywright_offer
    set -l typed (commandline -opc)
    set -l value (commandline -ct)
    set -l count (count $typed)
    set -l i 2
    set -l place ''
    set -l things
    set -l flags
    set -l valued
    set -l last
    set -l after
    while test $i -le $count
        set -l next (string trim -- "$place $typed[$i]")
        contains -- "$next" ${names.join(' ')}
        or break
        set place $next
        set i (math $i + 1)
    end
    __keywright_place
    set -l n 0
    set -l flag
    set -l provider
    set -l account
    while test $i -le $count
        set -l word $typed[$i]
        set -l said $word
        if set -q flag[1]
            set said "$flag=$word"
            set -e flag[1]
        else if test "$word" = -- -a -n "$after"
            set -l line (string escape -- $typed[(math $i + 1)..-1]) $value
            complete -C "$line"
            return
        else if contains -- "$word" $valued
            set flag $word
        else if not string match -q -- '-*' "$word"
            set n (math $n + 1)
        end
        string match -qr -- '^--provider=[a-z][a-z0-9-]*$' "$said"
        and set provider --provider (string replace -- '--provider=' '' "$said")
        string match -qr -- '^--account=[A-Za-z0-9][A-Za-z0-9_.@+-]*$' "$said"
        and set account --account (string replace -- '--account=' '' "$said")
        set i (math $i + 1)
    end
    set -l front ''
    if not set -q flag[1]
        if string match -qr -- '^--[a-z-]+=' "$value"
            set flag (string replace -r -- '=.*' '' "$value")
            set front "$flag="
            set value (string replace -r -- '^[^=]*=' '' "$value")
        else if string match -q -- '-*' "$value"
            test (count $flags) -gt 0
            and printf '%s\\t%s\\n' $flags
            return
        end
    end
    set -l spot "$place $n"
    test -n "$last"; and test $n -gt "$last"; and set spot "$place $last"
    set -q flag[1]; and set spot "$place $flag"
    set -l choices
    set -l asks
    set -l paths
    __keywright_spot
    if test "$paths" = all
        for path in (__fish_complete_path "$value")
            printf '%s%s\\n' $front $path
        end
        return
    end
    for beginning in $paths
        if string match -q -- "$beginning*" "$value"
            for path in (__fish_complete_path (string replace -- "$beginning" '' "$value"))
                printf '%s%s%s\\n' $front $beginning $path
            end
            return
        end
    end
    if not set -q flag[1]; and test $n -eq 0 -a (count $things) -gt 0
        printf '%s\\t%s\\n' $things
    end
    for word in $choices
        printf '%s%s\\n' $front $word
    end
    if test -n "$asks"
        for answer in (__keywright_ask $asks $provider $account)
            printf '%s%s\\n' $front $answer
        end
    end
end
complete -c keywright -e
complete -c kw -e
complete -c keywright -f -a '(__keywright_offer)'
complete -c kw -f -a '(__keywright_offer)'
`;
}
