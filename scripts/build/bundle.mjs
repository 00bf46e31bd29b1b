/**
 * Bundles src into CommonJS files that load each other lazily.
 *
 * esbuild splits at dynamic imports only when it writes ES modules, and CommonJS starts faster under Node, so the work is
 * done in two steps: bundle to ES modules with splitting, then turn each file into CommonJS.
 */
import { access } from 'node:fs/promises';
import path from 'node:path';

import * as esbuild from 'esbuild';

import { quickBundles } from './quick.mjs';

/** Native or optional packages that stay in node_modules. `esm` says that only a true import() can load the package on every Node that we admit. */
const EXTERNAL = { keytar: { esm: false }, libsql: { esm: false }, 'oidc-provider': { esm: true } };

/**
 * The files that start processes. Those of one bundle share what both use, in chunks of its own; what shall start with one single file
 * is a bundle by itself.
 */
const BUNDLES = [{ main: 'src/main.ts', 'keychain-child': 'src/adapters/keychain/child.ts' }, { complete: 'src/complete.ts' }];

/** Stands for `import` while a file is turned into CommonJS, so that esbuild leaves the call alone. */
const TRUE_IMPORT = '__keywright_true_import__';
const META_URL = '__keywright_import_meta_url__';
const META_URL_SHIM = `const ${META_URL}=require("node:url").pathToFileURL(__filename).href;`;

/** Node shows the source line of an uncaught error: lines end somewhere, also in minified code. */
const LINE_LIMIT = 200;

const COMMON = { platform: 'node', target: 'node20', charset: 'utf8', logLevel: 'silent' };
/** What a package calls its main file may load its parts in a way that no bundler can follow; these have ES modules beside it. */
const ALIAS = { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' };

const OPTIONS = { ...COMMON, external: Object.keys(EXTERNAL), alias: ALIAS };

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
  const present = await Promise.all(BUNDLES.map((entries) => presentEntries(root, entries)));
  if (present[0].main === undefined) throw new Error(`there is no ${BUNDLES[0].main}`);
  const parts = await Promise.all(present.filter((entries) => Object.keys(entries).length > 0).map((entries) => bundleOf({ root, define, entries })));
  const quick = await quickBundles({
    root,
    main: present[0].main,
    options: { ...OPTIONS, define: { ...define, ...META_DEFINES } },
    chunkOf: chunkFinder(parts[0].metafile),
    finish: (code) => withoutCopies(withPackages(code, parts[0].plain)),
  });
  return {
    entries: new Map([...parts.flatMap(({ entries }) => [...entries]), ...quick.files]),
    chunks: new Map(parts.flatMap(({ chunks }) => [...chunks])),
    legalComments: new Set(parts.flatMap(({ legalComments }) => [...legalComments])),
    metafile: {
      inputs: Object.assign({}, ...parts.map(({ metafile }) => metafile.inputs)),
      outputs: Object.assign({}, ...parts.map(({ metafile }) => metafile.outputs), quick.outputs),
    },
  };
}

/** Tells the file that begins with a module, by the module's path below the root; undefined where none does. */
function chunkFinder(metafile) {
  const chunks = new Map(Object.entries(metafile.outputs).map(([file, { entryPoint }]) => [entryPoint, path.posix.relative('dist', file)]));
  return (module) => chunks.get(module);
}

async function bundleOf({ root, define, entries }) {
  const result = await esbuild.build({
    ...OPTIONS,
    absWorkingDir: root,
    entryPoints: entries,
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
    define: { ...define, ...META_DEFINES },
  });
  const outdir = path.join(root, 'dist');
  const outputs = result.outputFiles.map((file) => ({ name: path.relative(outdir, file.path).replaceAll(path.sep, '/'), text: file.text }));
  const plain = new Set(outputs.filter(({ text }) => COMMONJS_CHUNK.test(text)).map(({ name }) => path.posix.basename(name)));
  const files = { entries: new Map(), chunks: new Map(), legalComments: new Set(), metafile: result.metafile, plain };
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
    alias: ALIAS,
    define: { ...define, ...META_DEFINES },
    banner: { js: META_URL_SHIM },
  });
  return result.outputFiles[0].text;
}

async function presentEntries(root, entries) {
  const present = {};
  for (const [name, source] of Object.entries(entries)) {
    const found = await access(path.join(root, source)).then(
      () => true,
      () => false,
    );
    if (found) present[name] = source;
  }
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
  return withPackages(code, plain).replaceAll(TRUE_IMPORT, 'import');
}

/** Gives every package of CommonJS what Node's own import gives for it, and a file the address that it asks for. */
function withPackages(code, plain) {
  const loaded = code.replaceAll(/__toESM\(require\("([^"]+)"\)\)/g, (whole, from) => (isCommonJs(from, plain) ? `__toESM(require("${from}"),1)` : whole));
  return `${loaded.includes(META_URL) ? META_URL_SHIM : ''}${loaded}`;
}

/** Nobody asks a file of ours, or a module of Node, for more than its names, and these stand in what `require` gives: a copy of them is not needed. */
function withoutCopies(code) {
  return code.replaceAll(/__toESM\(require\("((?:\.|node:)[^"]+)"\), ?1\)/g, 'require("$1")');
}

/** For these `__toESM(..., 1)` gives what Node's own import gives for a CommonJS package: named exports, and all of module.exports as `default`. */
function isCommonJs(from, plain) {
  return from.startsWith('.') ? plain.has(path.posix.basename(from)) : EXTERNAL[from.split('/')[0]]?.esm === false;
}
