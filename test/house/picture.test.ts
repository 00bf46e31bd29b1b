import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from 'vitest';

import { lookUp } from '../../src/cli/command-table.ts';
import { PROVIDERS } from '../../src/providers/registry.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const picture = readFileSync(path.join(ROOT, 'docs/terminal.svg'), 'utf8');

const ENTITIES: Readonly<Record<string, string>> = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"' };

/** The lines of the screen. */
function lines(): readonly string[] {
  return [...picture.matchAll(/<text [^>]*>(.*?)<\/text>/g)].map(([, content = '']) =>
    content.replace(/<[^>]*>/g, '').replace(/&[a-z]+;/g, (entity) => ENTITIES[entity] ?? entity),
  );
}

/** What keeps the text from being XML: a tag that is not closed, a character or a quote where none may be. */
function mistakes(xml: string): readonly string[] {
  const found: string[] = [];
  const open: string[] = [];
  const rest = xml.replace(/<(\/?)([a-z]+)((?: [A-Za-z:-]+="[^"<&]*(?:&(?:amp|lt|gt|quot);[^"<&]*)*")*) ?(\/?)>/g, (_tag, closes, name, _attributes, alone) => {
    if (closes === '/') {
      if (open.pop() !== name) found.push(`</${name}> closes something else`);
    } else if (alone !== '/') open.push(String(name));
    return '';
  });
  if (/[<>]/.test(rest)) found.push(`a tag that cannot be read: ${/[<>].{0,60}/.exec(rest)?.[0]}`);
  if (/&(?!(?:amp|lt|gt|quot);)/.test(rest)) found.push('a bare "&"');
  // oxlint-disable-next-line no-control-regex -- XML 1.0 section 2.2 allows no others
  if (/[\u0000-\u0008\u000B-\u001F]/.test(xml)) found.push('a control character');
  return [...found, ...open.map((name) => `<${name}> is not closed`)];
}

describe('the picture of a terminal', () => {
  it('is XML that tells what it shows to who cannot see it', () => {
    expect(mistakes(picture)).toEqual([]);
    expect(picture).toMatch(
      /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" [^>]*role="img" aria-labelledby="title description">\n<title id="title">[^<]{20,}<\/title>\n<desc id="description">[^<]{20,}<\/desc>/,
    );
    expect(picture).toContain('prefers-color-scheme: dark');
    expect(picture).not.toMatch(/<script|<image|href|url\(|@import|\son[a-z]+=/i);
  });

  it('shows commands that there are, the ones of the main job', () => {
    const commands = lines().filter((line) => line.startsWith('$ '));
    const found = commands.map((line) => {
      const [program, ...words] = line.slice(2).split(' ');
      const lookup = lookUp(words);
      return `${program} ${lookup.kind === 'command' ? lookup.listing.path.join(' ') : lookup.kind}`;
    });
    expect(found).toEqual(['keywright login', 'keywright whoami', 'keywright auth create-key', 'keywright auth list-keys', 'keywright auth revoke-key']);
  });

  it('shows no key, but the prefix that the list shows', () => {
    const prefixes = PROVIDERS.flatMap(({ credentials }) => credentials.flatMap(({ looks }) => (looks === 'jwt' ? [] : [looks.prefix])));
    expect(prefixes).toContain('mxk_');
    const after = prefixes.flatMap((prefix) =>
      lines().flatMap((line) => [...line.matchAll(new RegExp(`${prefix}([A-Za-z0-9_-]*)`, 'g'))].map(([, rest = '']) => rest)),
    );
    expect(after.length).toBeGreaterThan(1);
    expect(after.filter((rest) => rest.length > 4)).toEqual([]);
    expect(picture).not.toMatch(/eyJ[A-Za-z0-9_-]{8}|[?&]code=/);
  });

  it('stands in the README, with words in its place', () => {
    expect(readFileSync(path.join(ROOT, 'README.md'), 'utf8')).toMatch(/!\[[^\]]{20,}\]\(docs\/terminal\.svg\)/);
  });
});
