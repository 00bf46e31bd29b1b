/** Gathers the licences of the packages whose code is inside dist. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

const LICENCE_FILE = /^(licen[cs]e|copying|notice)(\.(md|txt))?$/i;

/** The folders of the packages that `metafile` took something from, relative to the root, nested ones included. */
function bundledPackages(metafile) {
  const folders = new Set();
  for (const input of Object.keys(metafile.inputs)) {
    const match = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input);
    if (match !== null) folders.add(match[1]);
  }
  return [...folders];
}

/** One text: each package's name, version and licence, sorted by name, then the legal comments of its sources. Throws for a package that names no licence. */
export async function licenceTexts(root, metafile, legalComments) {
  const parts = await Promise.all(bundledPackages(metafile).map((folder) => licenceOf(path.join(root, folder))));
  const unique = [...new Map(parts.map((part) => [part.title, part])).values()].sort((a, b) => (a.title < b.title ? -1 : 1));
  const blocks = unique.map((part) => `${part.title}\n${'-'.repeat(part.title.length)}\n\n${part.text}`);
  const comments = [...legalComments].sort();
  if (comments.length > 0) blocks.push(['Legal comments in the sources', '-----------------------------', '', ...comments].join('\n'));
  return `keywright contains code of the packages below, each under its own licence.\n\n${blocks.join('\n\n\n')}\n`;
}

async function licenceOf(folder) {
  const { name, version, license, author } = JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8'));
  const names = (await readdir(folder)).filter((file) => LICENCE_FILE.test(file)).sort();
  const texts = await Promise.all(names.map(async (file) => (await readFile(path.join(folder, file), 'utf8')).trim()));
  if (texts.length === 0 && typeof license !== 'string') throw new Error(`the bundled package ${name} names no licence`);
  const fallback = [`Licence: ${license}`, typeof author === 'string' ? `Author: ${author}` : (author?.name ?? '')].filter(Boolean).join('\n');
  return { title: `${name} ${version} (${license ?? 'see below'})`, text: texts.length > 0 ? texts.join('\n\n') : fallback };
}
