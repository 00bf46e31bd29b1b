/**
 * `npm run schema`: writes the JSON Schema of definition files out of the one that reads them, into schema/. With `--print` it goes to
 * stdout instead. A test proves the file fresh.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

import { toJsonSchema } from '@valibot/to-json-schema';

import { bundleOne } from './build/bundle.mjs';

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..');
const code = await bundleOne({ root, define: {}, entry: 'src/providers/definition-schema.ts' });
const folder = await mkdtemp(path.join(root, 'node_modules', '.keywright-schema-'));
try {
  const file = path.join(folder, 'schema.cjs');
  await writeFile(file, code);
  const { definitionSchema } = createRequire(import.meta.url)(file);
  const { $schema, ...schema } = toJsonSchema(definitionSchema, { target: 'draft-2020-12', typeMode: 'input' });
  const text = `${JSON.stringify({ $schema, $id: 'https://keywright.dev/schema/provider.json', title: 'A provider for keywright', ...schema }, null, 2)}\n`;
  if (process.argv.includes('--print')) {
    process.stdout.write(text);
  } else {
    await mkdir(path.join(root, 'schema'), { recursive: true });
    await writeFile(path.join(root, 'schema', 'provider.json'), text);
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
