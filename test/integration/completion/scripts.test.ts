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

  it('evaluates nothing in bash and has nothing that came after bash 3.2 but compopt', () => {
    const bash = made['keywright.bash'] ?? '';
    // Associative arrays, case changes, mapfile, local -n and negative indices are of bash 4 and later.
    expect(bash.match(/\beval\b|compgen -W|declare -A|local -[nA]|mapfile|readarray|\$\{[a-z]+(?:,,|\^\^)|\[-1\]|&>>|\|&/g)).toBe(null);
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
