/**
 * `npm run wasm`: compiles wasm/masking.ts into src/adapters/masking/compiled.ts. With `--print` that goes to stdout instead. A test proves the
 * file fresh.
 */
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

import { main as compile } from 'assemblyscript/asc';
import { format, resolveConfig } from 'prettier';

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..');
const into = path.join(root, 'src/adapters/masking/compiled.ts');

/** The memory is the caller's, and nothing in it is the compiler's: no runtime, no data, no checks that end the program. */
const OPTIONS = ['-O3', '--runtime', 'stub', '--noAssert', '--importMemory', '--memoryBase', '0', '--enable', 'simd', '--use', 'abort='];

/** Characters of base64 in a line. */
const LINE = 120;

const source = await readFile(path.join(root, 'wasm/masking.ts'), 'utf8');
let bytes = Buffer.alloc(0);
const { error, stderr } = await compile(['masking.ts', '--outFile', 'masking.wasm', ...OPTIONS], {
  readFile: (name) => (name === 'masking.ts' ? source : null),
  writeFile: (_name, contents) => {
    bytes = Buffer.from(contents);
  },
  listFiles: () => [],
});
if (error !== null) throw new Error(`${error.message}\n${stderr.toString()}`);
const lines = bytes.toString('base64').match(new RegExp(`.{1,${LINE}}`, 'g'));
const text = `/** wasm/masking.ts as WebAssembly, in base64. Written by \`npm run wasm\`. */
export const COMPILED = [${lines.map((line) => `'${line}'`).join(', ')}].join('');
`;
const formatted = await format(text, { ...(await resolveConfig(into)), parser: 'typescript' });
if (process.argv.includes('--print')) process.stdout.write(formatted);
else await writeFile(into, formatted);
