/**
 * `npm run reference`: writes docs/reference/ and docs/troubleshooting.md out of the command tree and the tables of codes. A page of a
 * command that is gone is removed. A test proves them fresh.
 */
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { format, resolveConfig } from 'prettier';

import { bundleOne } from './build/bundle.mjs';

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..');
const docs = path.join(root, 'docs');
const code = await bundleOne({ root, define: {}, entry: 'src/cli/reference/pages.ts' });
const folder = await mkdtemp(path.join(root, 'node_modules', '.keywright-reference-'));
try {
  const bundle = path.join(folder, 'pages.cjs');
  await writeFile(bundle, code);
  const pages = await createRequire(import.meta.url)(bundle).referencePages();
  await mkdir(path.join(docs, 'reference'), { recursive: true });
  for (const { file, text } of pages) {
    const target = path.join(docs, file);
    await writeFile(target, await format(text, { ...(await resolveConfig(target)), parser: 'markdown' }));
  }
  const made = new Set(pages.map(({ file }) => file));
  for (const name of await readdir(path.join(docs, 'reference'))) if (!made.has(`reference/${name}`)) await rm(path.join(docs, 'reference', name));
} finally {
  await rm(folder, { recursive: true, force: true });
}
