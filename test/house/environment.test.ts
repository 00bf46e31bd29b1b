import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { describe, expect, it } from 'vitest';

import { environmentTopic, PREFIX, VARIABLES } from '../../src/cli/topics/environment.ts';
import { ROOT } from '../support/cli.ts';

/** Where the name of a variable stands in the source. */
const READS: readonly RegExp[] = [
  /\bvariable\([^,()]+(?:\(\))?, '([A-Za-z_]+)'/g,
  /\benv\??\.?\['([A-Za-z_]+)'\]/gi,
  /\b(?:folderBy|base|set)\((?:\w+, )?'([A-Z_]+)'/g,
  /toUpperCase\(\) === '([A-Z]+)'/g,
  /\b[A-Z_]*(?:VARIABLE|FOLDER) = \[?'([A-Z_]+)'/g,
];

/** Lists of names that are read one by one, and names that are only chosen before. */
const LISTS: readonly RegExp[] = [
  /\[([^\]]*)\][\s\S]{0,40}?variable\((?:deps\.)?env, each\)/g,
  /\[([^\]]*)\][\s\S]{0,20}?variable\(env, name\)/g,
  /variable\(env, platform === 'win32' \? ('[A-Z]+' : '[A-Z]+')\)/g,
];

const OF_PROVIDERS = /[pP]refix(?:Of\(\w+\))?\}_([A-Z_]+)/g;
const OF_TIERS = /variablesOf\(\w+, '([A-Z_]+)'/g;
const LITERAL = /'([A-Za-z_]+)'/g;

const found = (text: string, pattern: RegExp): readonly string[] => [...text.matchAll(pattern)].map(([, name]) => name ?? '');

function variablesIn(source: string): readonly string[] {
  const lists = LISTS.flatMap((pattern) => found(source, pattern)).flatMap((list) => found(list, LITERAL));
  const provided = [...found(source, OF_PROVIDERS), ...found(source, OF_TIERS)].map((name) => `${PREFIX}_${name}`);
  const tiers = found(source, OF_TIERS).flatMap((name) => [name, `KEYWRIGHT_${name}`]);
  return [...READS.flatMap((pattern) => found(source, pattern)), ...lists, ...provided, ...tiers];
}

const read = [
  ...new Set(
    readdirSync(path.join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !file.includes(`topics${path.sep}`))
      .flatMap((file) => variablesIn(readFileSync(path.join(ROOT, 'src', file), 'utf8'))),
  ),
].sort();

const listed = VARIABLES.flatMap(({ variables }) => variables.flatMap(({ names }) => names));

describe('help environment', () => {
  it('lists every variable that the source reads, and no other', () => {
    expect([...listed].sort()).toEqual(read);
  });

  it('lists none twice, and shows all of them', () => {
    expect(listed.filter((name, index) => listed.indexOf(name) !== index)).toEqual([]);
    const text = environmentTopic();
    expect(listed.filter((name) => !new RegExp(`^  (?:.*, )?${name}(?:,|$)`, 'm').test(text))).toEqual([]);
  });

  it('is held by a search that finds planted reads', () => {
    const planted = [
      "variable(deps.env, 'ONE')",
      "env['TWO'] ?? ''",
      "process.env['THREE']",
      "folderBy(world, 'FOUR', '.four')",
      "['FIVE', 'six'].find((each) => variable(env, each) !== undefined)",
      '`${provider.envPrefix}_SEVEN`',
      "variablesOf(provider, 'EIGHT', env)",
      "const KEY_VARIABLE = 'NINE';",
      "variable(env, platform === 'win32' ? 'TEN' : 'ELEVEN')",
      "// only 'TWELVE' is mentioned",
    ].join('\n');
    expect([...variablesIn(planted)].sort()).toEqual(
      ['ONE', 'TWO', 'THREE', 'FOUR', 'FIVE', 'six', `${PREFIX}_SEVEN`, `${PREFIX}_EIGHT`, 'EIGHT', 'KEYWRIGHT_EIGHT', 'NINE', 'TEN', 'ELEVEN'].sort(),
    );
  });
});
