/** `npm run completions`: writes the completion scripts out of the command tree into completions/. A test proves them fresh. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { bundleOne } from './build/bundle.mjs';

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..');
const { version } = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8'));
const code = await bundleOne({ root, define: {}, entry: 'src/cli/completion/scripts.ts' });
const folder = await mkdtemp(path.join(root, 'node_modules', '.keywright-completions-'));
try {
  const file = path.join(folder, 'scripts.cjs');
  await writeFile(file, code);
  await mkdir(path.join(root, 'completions'), { recursive: true });
  for (const { file: name, script } of await createRequire(import.meta.url)(file).completionScripts(version)) {
    await writeFile(path.join(root, 'completions', name), script);
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
