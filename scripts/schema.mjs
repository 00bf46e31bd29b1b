/**
 * `npm run schema`: writes the JSON Schemas in schema/: of definition files, out of the one that reads them, and of what `--json` prints. With
 * `--print` they go to stdout instead, as one object by the names of their files. Tests prove the files fresh and hold real output to them.
 */
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

import { format } from 'prettier';

import { bundleOne } from './build/bundle.mjs';

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..');
const code = await bundleOne({ root, define: {}, entry: 'scripts/schema/all.ts' });
const folder = await mkdtemp(path.join(root, 'node_modules', '.keywright-schema-'));
try {
  const file = path.join(folder, 'schema.cjs');
  await writeFile(file, code);
  const schemas = createRequire(import.meta.url)(file).allSchemas();
  if (process.argv.includes('--print')) {
    process.stdout.write(`${JSON.stringify(schemas)}\n`);
  } else {
    const into = path.join(root, 'schema');
    await mkdir(into, { recursive: true });
    for (const name of await readdir(into)) if (!(name in schemas)) await rm(path.join(into, name));
    for (const [name, schema] of Object.entries(schemas))
      await writeFile(path.join(into, name), await format(JSON.stringify(schema), { parser: 'json', printWidth: 160 }));
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
