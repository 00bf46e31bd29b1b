/** Asks src/cli/texts.ts for every help text, so that the launcher can print them without loading anything. */
import { access, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';

import { bundleOne } from './bundle.mjs';

const SOURCE = 'src/cli/texts.ts';
const KEY = /^([a-z][a-z-]*( [a-z][a-z-]*)*)?$/;

/** The name of a text's file: `root` for the root help, else the words joined by dots. No word contains a dot, so names cannot collide. */
function textName(key) {
  if (!KEY.test(key)) throw new Error(`"${key}" is not a command of lower-case words`);
  return key === '' ? 'root' : key.replaceAll(' ', '.');
}

/** Name to text. Empty where there is no src/cli/texts.ts. */
export async function preparedTexts({ root, define }) {
  const missing = await access(path.join(root, SOURCE)).then(
    () => false,
    () => true,
  );
  if (missing) return new Map();
  const code = await bundleOne({ root, define, entry: SOURCE });
  // Inside node_modules, so that a package which stayed outside the bundle is found as usual.
  const folder = await mkdtemp(path.join(root, 'node_modules', '.keywright-texts-'));
  try {
    const file = path.join(folder, 'texts.cjs');
    await writeFile(file, code);
    const { allTexts } = createRequire(import.meta.url)(file);
    const texts = await allTexts();
    return new Map(Object.entries(texts).map(([key, text]) => [textName(key), text.endsWith('\n') ? text : `${text}\n`]));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
