import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { Language, Parser } from 'web-tree-sitter';
import { completionScripts } from '../../../src/cli/completion/scripts.ts';

let made: Readonly<Record<string, string>> = {};

beforeAll(async () => {
  made = Object.fromEntries((await completionScripts(__KEYWRIGHT_VERSION__)).map(({ file, script }) => [file, script]));
});

describe('completions/', () => {
  it('holds the scripts of this very command tree and nothing else', async () => {
    const kept = Object.fromEntries(
      await Promise.all((await readdir('completions')).map(async (file) => [file, await readFile(path.join('completions', file), 'utf8')] as const)),
    );
    expect(kept).toEqual(made);
  });

  it('names its version at the head of every script', () => {
    const heads = Object.values(made).map((script) => script.split('\n').find((line) => line.startsWith('# keywright ')) ?? '');
    expect(heads.map((line) => line.split(' ')[2])).toEqual(heads.map(() => __KEYWRIGHT_VERSION__));
  });

  it('evaluates nothing in bash', () => {
    expect((made['keywright.bash'] ?? '').match(/\beval\b|compgen -W/g)).toBe(null);
  });
});

/**
 * What bash learned after 3.2, by the versions in its own CHANGES, with a line of each. No bash 3.2 is at hand, nor a grammar of it: bash 5,
 * and every grammar, takes them all.
 */
const AFTER_BASH_3: ReadonlyArray<readonly [what: string, pattern: RegExp, line: string]> = [
  ['associative arrays', /\b(?:declare|typeset|local)\s+(?:-\w+\s+)*-\w*A/, 'declare -A places'],
  ['names that stand for names', /\b(?:declare|typeset|local)\s+(?:-\w+\s+)*-\w*n/, 'local -n to=$1'],
  ['globals made in a function', /\b(?:declare|typeset)\s+(?:-\w+\s+)*-\w*g/, 'declare -g name'],
  ['letters made great or small', /\$\{[^}]*?(?:\^|,,|,\})/, 'echo "${word,,}"'],
  ['values that are transformed', /\$\{[^}]*@[A-Za-z]\}/, 'echo "${word@Q}"'],
  ['lines read into an array', /\b(?:mapfile|readarray)\b/, 'mapfile -t lines'],
  ['both outputs appended or piped', /&>>|\|&/, 'make &>> log'],
  ['a case that falls through', /;;?&/, 'a) x ;;&'],
  ['a test whether a name is set', /(?:\[\[?|\btest)\s+(?:!\s+)?-[vR]\b/, '[[ -v name ]]'],
  ['printing into an element, or a time', /\bprintf\s+(?:-v\s+\S*\[|['"]?%\()/, 'printf -v list[0] x'],
  ['counting from the end', /\[\s*-\d|\$\{\w+:[^}]*:\s*-\d/, 'echo "${list[-1]}"'],
  ['coprocesses', /\bcoproc\b/, 'coproc cat'],
  ['descriptors with names', /\{\w+\}[<>]/, 'exec {fd}<file'],
  ['steps and zeros in braces', /\{(?:-?\w+\.\.-?\w+\.\.-?\d+|0\d+\.\.\d+)\}/, 'echo {1..9..2}'],
  ['further ways to read', /\bread\s+(?:-\w+\s+)*-\w*[iN]/, 'read -N 1 key'],
  ['further options of the shell', /\bshopt\b.*\b(?:globstar|lastpipe|autocd|dirspell|checkjobs|inherit_errexit|localvar_inherit)\b/, 'shopt -s globstar'],
  ['waiting for the next', /\bwait\s+-[np]/, 'wait -n'],
  ['variables of later times', /\$\{?(?:BASHPID|EPOCHSECONDS|EPOCHREALTIME|SRANDOM|BASH_ARGV0|PROMPT_DIRTRIM)\b/, 'echo $EPOCHSECONDS'],
  // Its parser takes the first closing bracket of a pattern for the end of the substitution.
  ['a case within a substitution', /\$\([^()]*\bcase\b/, 'x=$(case y in y) echo z ;; esac)'],
  ['compopt where its absence would be told', /^(?!.*compopt [^;|&]*2>\/dev\/null).*\bcompopt\b/m, 'compopt -o nospace'],
];

describe('the script for bash', () => {
  it.each(AFTER_BASH_3)('has no %s, which bash 3.2 does not know', (_what, pattern, line) => {
    expect(line).toMatch(pattern);
    expect((made['keywright.bash'] ?? '').match(pattern)).toBe(null);
  });
});

describe('the script for PowerShell', () => {
  /** No PowerShell is at hand on most machines; its grammar is. */
  async function errorsIn(text: string): Promise<boolean> {
    await Parser.init();
    const wasm = path.join(path.dirname(createRequire(import.meta.url).resolve('tree-sitter-powershell/package.json')), 'tree-sitter-powershell.wasm');
    const parser = new Parser().setLanguage(await Language.load(wasm));
    const tree = parser.parse(text);
    const wrong = tree === null || tree.rootNode.hasError;
    tree?.delete();
    parser.delete();
    return wrong;
  }

  it('is what a grammar of PowerShell takes', async () => {
    const script = made['keywright.ps1'] ?? '';
    expect(await errorsIn(script)).toBe(false);
    expect(await errorsIn(script.replace('$places = @{', '$places = @{ ('))).toBe(true);
  });

  it('offers the words of help, the topics, grants and sign-ins that wait', () => {
    const script = made['keywright.ps1'] ?? '';
    const place = (name: string): string => script.split(`\n    '${name}' = @{`)[1]?.split('\n    }')[0] ?? '';
    for (const word of ['login', 'auth', 'exit-codes', 'environment']) expect(place('help')).toContain(`@('${word}', `);
    expect(place('help auth')).toContain(`@('rotate-key', `);
    expect(place('')).toContain(`@('help', `);
    const asks = (spot: string): string | undefined => {
      const variable = new RegExp(`\\$spots\\['${spot}'\\] = (\\$spot[0-9]+)`).exec(script)?.[1] ?? 'none';
      return script.split(`${variable} = @{`)[1]?.split('}')[0];
    };
    expect(asks('auth rotate-key --grant')).toContain(`Asks = 'grants'`);
    expect(asks('login --complete')).toContain(`Asks = 'sign-ins'`);
  });

  it('evaluates nothing', () => {
    expect((made['keywright.ps1'] ?? '').match(/Invoke-Expression|\biex\b|InvokeScript|ExpandString|\[scriptblock\]/gi)).toBe(null);
  });
});
