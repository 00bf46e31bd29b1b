/**
 * Builds dist/ out of src/. Usage: node scripts/build.mjs [--quiet] [--clean] [--root DIR] [--out DIR] [--metafile FILE]
 *
 * `--root` is the folder with src/ and package.json (default: this repository), `--out` where the result goes (default: dist in the root).
 * `--clean` empties the result first; without it a process that reads dist meanwhile never meets half a build.
 * `--metafile` keeps esbuild's account of which module went into which file.
 */
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { bundle } from './build/bundle.mjs';
import { licenceTexts } from './build/licences.mjs';
import { place } from './build/place.mjs';
import { preparedTexts } from './build/texts.mjs';

const { values } = parseArgs({
  options: { quiet: { type: 'boolean' }, clean: { type: 'boolean' }, root: { type: 'string' }, out: { type: 'string' }, metafile: { type: 'string' } },
});

const started = performance.now();
const root = path.resolve(values.root ?? path.join(path.dirname(fileURLToPath(import.meta.url)), '..'));
const out = path.resolve(values.out ?? path.join(root, 'dist'));
const { version } = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8'));
const define = { __KEYWRIGHT_VERSION__: JSON.stringify(version) };

try {
  const [code, texts] = await Promise.all([bundle({ root, define }), preparedTexts({ root, define })]);
  const licences = await licenceTexts(root, code.metafile, code.legalComments);
  const files = new Map([
    ['package.json', '{ "type": "commonjs" }\n'],
    ['THIRD-PARTY-LICENSES.txt', licences],
    ...[...texts].map(([name, text]) => [`texts/${name}.txt`, text]),
    ...code.chunks,
    ...code.entries,
  ]);
  await place(out, files, { clean: values.clean === true });
  if (values.metafile !== undefined) await writeFile(values.metafile, JSON.stringify(code.metafile));
  if (values.quiet !== true) {
    const bytes = [...files.values()].reduce((sum, text) => sum + Buffer.byteLength(text), 0);
    const took = ((performance.now() - started) / 1000).toFixed(1);
    process.stdout.write(
      `Built ${path.relative(process.cwd(), out) || out}: ${files.size} files, ${Math.round(bytes / 1000)} kB, ${texts.size} help texts, ${took} s.\n`,
    );
  }
} catch (thrown) {
  process.stderr.write(`The build failed: ${thrown instanceof Error ? thrown.message : String(thrown)}\n`);
  process.exitCode = 1;
}
