/**
 * Bundles src into CommonJS files that load each other lazily.
 *
 * esbuild splits at dynamic imports only when it writes ES modules, and CommonJS starts faster under Node, so the work is
 * done in two steps: bundle to ES modules with splitting, then turn each file into CommonJS.
 */
import { access } from 'node:fs/promises';
import path from 'node:path';

import * as esbuild from 'esbuild';

/** Native or optional packages that stay in node_modules. `esm` says that only a true import() can load the package on every Node that we admit. */
const EXTERNAL = { keytar: { esm: false }, libsql: { esm: false }, 'oidc-provider': { esm: true } };

const ENTRIES = { main: 'src/main.ts', bridge: 'src/bridge.ts', 'keychain-child': 'src/adapters/keychain/child.ts' };

/** Stands for `import` while a file is turned into CommonJS, so that esbuild leaves the call alone. */
const TRUE_IMPORT = '__keywright_true_import__';
const META_URL = '__keywright_import_meta_url__';
const META_URL_SHIM = `const ${META_URL}=require("node:url").pathToFileURL(__filename).href;`;

/** Node shows the source line of an uncaught error: lines end somewhere, also in minified code. */
const LINE_LIMIT = 200;

const COMMON = { platform: 'node', target: 'node20', charset: 'utf8', logLevel: 'silent' };

/**
 * How esbuild ends a chunk that is nothing but one CommonJS package. Its only export is `default`, whereas Node's own import
 * of such a package has its named exports too: such a chunk becomes the package itself again.
 */
const COMMONJS_CHUNK = /\bexport default (require_\w+)\(\);\s*$/;

/** What `import.meta` has in Node, said in CommonJS. */
const META_DEFINES = { 'import.meta.url': META_URL, 'import.meta.dirname': '__dirname', 'import.meta.filename': '__filename' };

/**
 * Gives the files of dist by relative name (`entries` start processes, `chunks` are loaded by others), the legal comments
 * found in sources, and esbuild's metafile. Throws when the source does not bundle.
 */
export async function bundle({ root, define }) {
  const result = await esbuild.build({
    ...COMMON,
    absWorkingDir: root,
    entryPoints: await presentEntries(root),
    outdir: 'dist',
    entryNames: '[name]',
    chunkNames: 'chunks/[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    write: false,
    metafile: true,
    minifySyntax: true,
    legalComments: 'external',
    external: Object.keys(EXTERNAL),
    define: { ...define, ...META_DEFINES },
  });
  const files = { entries: new Map(), chunks: new Map(), legalComments: new Set(), metafile: result.metafile };
  const outdir = path.join(root, 'dist');
  const outputs = result.outputFiles.map((file) => ({ name: path.relative(outdir, file.path).replaceAll(path.sep, '/'), text: file.text }));
  const plain = new Set(outputs.filter(({ text }) => COMMONJS_CHUNK.test(text)).map(({ name }) => path.posix.basename(name)));
  await Promise.all(
    outputs.map(async ({ name, text }) => {
      if (name.endsWith('.LEGAL.txt')) files.legalComments.add(text.trim());
      else (name.includes('/') ? files.chunks : files.entries).set(name, await toCommonJs(name, text, plain));
    }),
  );
  return files;
}

/** Bundles one entry into one CommonJS text, for code that the build itself runs. */
export async function bundleOne({ root, define, entry }) {
  const result = await esbuild.build({
    ...COMMON,
    absWorkingDir: root,
    entryPoints: [entry],
    bundle: true,
    format: 'cjs',
    write: false,
    legalComments: 'none',
    external: Object.keys(EXTERNAL),
    define: { ...define, ...META_DEFINES },
    banner: { js: META_URL_SHIM },
  });
  return result.outputFiles[0].text;
}

async function presentEntries(root) {
  const present = {};
  for (const [name, source] of Object.entries(ENTRIES)) {
    const found = await access(path.join(root, source)).then(
      () => true,
      () => false,
    );
    if (found) present[name] = source;
  }
  if (present.main === undefined) throw new Error(`there is no ${ENTRIES.main}`);
  return present;
}

/** Turns one ES module of the bundle into CommonJS. `plain` are the base names of the chunks that are one CommonJS package each. */
async function toCommonJs(name, text, plain) {
  const esmNames = Object.keys(EXTERNAL).filter((packageName) => EXTERNAL[packageName].esm);
  const trueImport = new RegExp(`\\bimport\\(\\s*("(?:${esmNames.join('|')})(?:/[^"]*)?")\\s*\\)`, 'g');
  const kept = text.replaceAll(trueImport, `${TRUE_IMPORT}($1)`).replace(COMMONJS_CHUNK, 'module.exports = $1();\n');
  const { code } = await esbuild.transform(kept, {
    ...COMMON,
    sourcefile: name,
    format: 'cjs',
    minifySyntax: true,
    minifyWhitespace: true,
    lineLimit: LINE_LIMIT,
    legalComments: 'none',
    supported: { 'dynamic-import': false },
  });
  const loaded = code
    .replaceAll(/__toESM\(require\("([^"]+)"\)\)/g, (whole, from) => (isCommonJs(from, plain) ? `__toESM(require("${from}"),1)` : whole))
    .replaceAll(TRUE_IMPORT, 'import');
  return `${loaded.includes(META_URL) ? META_URL_SHIM : ''}${loaded}`;
}

/** For these `__toESM(..., 1)` gives what Node's own import gives for a CommonJS package: named exports, and all of module.exports as `default`. */
function isCommonJs(from, plain) {
  return from.startsWith('.') ? plain.has(path.posix.basename(from)) : EXTERNAL[from.split('/')[0]]?.esm === false;
}
