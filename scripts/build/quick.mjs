/**
 * Bundles the program once more for each command that is to start fast: all that its usual way needs in one or two files, since
 * to find and load a file costs more than to read what is in it. Everything else is loaded out of the files of the whole program.
 *
 * Each is the whole program, and does what `main.js` does with any words; only the time differs.
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';

import * as esbuild from 'esbuild';

/** What tells of sign-ins, of which a key in a variable needs nothing. */
const SIGN_INS = ['src/adapters/accounts.ts', 'src/adapters/settings.ts', 'src/adapters/text-hash.ts'];

const REQUEST = 'src/adapters/http/one-request.ts';

/** The commands, and which of the modules that are loaded when they are needed lie in the same file. The launcher has a list of the same words. */
const COMMANDS = [
  { words: ['auth', 'token'], within: ['src/commands/auth/token.ts'] },
  { words: ['auth', 'status'], within: ['src/commands/auth/status.ts', ...SIGN_INS] },
  { words: ['auth', 'list-keys'], within: ['src/commands/auth/list-keys.ts', REQUEST, 'src/cli/show-pieces.ts'] },
  { words: ['whoami'], within: ['src/commands/whoami.ts', REQUEST] },
  {
    words: ['run'],
    within: ['src/commands/run.ts', 'src/adapters/ephemerals.ts', 'src/adapters/children.ts', 'src/adapters/attached-child.ts', 'src/adapters/descriptor.ts'],
  },
];

/** Where the package has what `jose/jwe/compact/encrypt` names. */
const JOSE_ENCRYPT = 'node_modules/jose/dist/webapi/jwe/compact/encrypt.js';

/** What starts by itself and is no command. */
const ALONE = [
  { entries: ['src/bridge.ts'], file: 'bridge.js', within: [] },
  { entries: ['src/short/token.ts'], file: 'token.js', within: [] },
  { entries: ['src/short/status.ts'], file: 'status.js', within: ['src/adapters/text-hash.ts'] },
];

/** What only some calls of these need, in a file for each; some of it is always needed together. */
const PARTS = [
  { entries: ['src/adapters/paths.ts', 'src/adapters/grants.ts', 'src/adapters/http/stream.ts'], file: 'part-bridge.js', within: [] },
  { entries: ['src/short/token-stored.ts'], file: 'part-token-stored.js', within: ['src/adapters/encrypted-file/direct.ts', 'src/adapters/text-hash.ts'] },
  { entries: ['src/flows/stored-authority.ts', 'src/world/stores.ts', ...SIGN_INS], file: 'part-stored.js', within: [] },
  { entries: ['src/flows/session.ts', 'src/adapters/lock/lock.ts'], file: 'part-session.js', within: ['src/adapters/lock/file-lock.ts'] },
  {
    entries: ['src/oauth/token-endpoint.ts', 'src/adapters/journal.ts', 'src/adapters/atomic-file.ts', JOSE_ENCRYPT],
    file: 'part-refresh.js',
    within: [],
  },
  { entries: ['src/adapters/definitions.ts', 'src/providers/definition.ts'], file: 'part-definitions.js', within: [] },
  { entries: ['src/adapters/http/kept-requests.ts'], file: 'part-kept-requests.js', within: [] },
  { entries: ['src/adapters/encrypted-file/store.ts'], file: 'part-encrypted-file.js', within: ['src/adapters/encrypted-file/direct.ts'] },
  {
    entries: ['src/adapters/keychain/store.ts'],
    file: 'part-keychain.js',
    within: ['src/adapters/keychain/on-linux.ts', 'src/adapters/keychain/bus/keychain-state.ts', 'src/adapters/keychain/world.ts'],
  },
];

/**
 * Gives the files by name, and what esbuild says of those that start by themselves. `main` is the file that starts, `options` are those of
 * esbuild that every bundle has, `chunkOf` tells the file of the whole program that holds a module, by the module's path below the root, and
 * `finish` does what remains to be done on a text that is CommonJS already.
 */
export async function quickBundles({ root, main, options, chunkOf, finish }) {
  const isThere = (file) => existsSync(path.join(root, file));
  const allThere = ({ entries }) => entries.every(isThere);
  const parts = PARTS.filter(allThere);
  const alone = ALONE.filter(allThere);
  const starts = COMMANDS.filter(({ within: [command] }) => isThere(command)).map(({ words, within }) => ({
    entries: [main],
    file: `main-${words.join('-')}.js`,
    within,
  }));
  const partOf = (module) => parts.find(({ entries }) => entries.includes(module))?.file;
  const built = await Promise.all(
    [...parts, ...alone, ...starts].map(async ({ entries, file, within }) => {
      const result = await esbuild.build({
        ...options,
        absWorkingDir: root,
        ...(entries.length === 1 ? { entryPoints: entries } : { stdin: { contents: allOf(entries), resolveDir: root, loader: 'ts' } }),
        outfile: path.join('dist', file),
        bundle: true,
        format: 'cjs',
        // What is known by a hash and a length shall be the same in every encoding.
        charset: 'ascii',
        write: false,
        metafile: true,
        minifySyntax: true,
        minifyWhitespace: true,
        // The whole program holds the same modules, and its legal comments are kept.
        legalComments: 'none',
        supported: { 'dynamic-import': false },
        plugins: [atOnce({ root, within }), elsewhere({ root, within, fileOf: (module) => partOf(module) ?? chunkOf(module) })],
      });
      return {
        file,
        text: stamped(exportedAtEnd(finish(result.outputFiles[0].text)), within.includes(REQUEST) ? APART_LENGTH : 0),
        outputs: result.metafile.outputs,
      };
    }),
  );
  return {
    files: built.map(({ file, text }) => [file, text]),
    // The commands hold again what is told of the whole program.
    outputs: Object.assign({}, ...built.filter(({ file }) => alone.some((each) => each.file === file)).map(({ outputs }) => outputs)),
  };
}

/** The text of a module that has the exports of several. */
function allOf(entries) {
  return entries.map((entry) => `export * from './${entry}';\n`).join('');
}

/**
 * V8 keeps what is longer than half of one of its pages of 256 KB apart from what is young. The text of a program that is a little shorter
 * fills an eighth of the space for what is young, which then is full in the middle of a request: to clean up there takes a millisecond, a
 * fiftieth of a whole `whoami`, and half a megabyte.
 */
const APART_LENGTH = 128 * 1024;

/** Node shows the source line of an uncaught error: lines end somewhere. */
const LINE_LENGTH = 200;

const blanks = (length) => (length <= 0 ? '' : `${' '.repeat(LINE_LENGTH - 1)}\n`.repeat(Math.ceil(length / LINE_LENGTH)));

/**
 * Makes of a text what the launcher runs without a copy of it, the function that `require` makes of a file, and says in front what its
 * compiled code is known by; V8 itself looks at the length alone. It is at least so long.
 */
function stamped(text, length) {
  const whole = `(function (exports, require, module, __filename, __dirname) {${text}\n${blanks(length - text.length)}})`;
  return `/*${createHash('sha256').update(whole).digest('hex').slice(0, 32)}*/${whole}`;
}

/** How esbuild begins a file that has exports: with a table that asks for each when it is read, since a cycle could ask too early. */
const EXPORTS_AHEAD = /__export\((?<table>\w+),(?<pairs>\{[^}]*\})\);module\.exports=__toCommonJS\(\k<table>\);/;

/** The names alone, for whoever reads the text without running it. */
const NAMES_AT_END = /0&&\(module\.exports=\{[^}]*\}\);\s*$/;

/** Gives the exports as they are once all of the file has run, which is when they are asked for: to make the table takes longer than many a file. */
function exportedAtEnd(text) {
  const ahead = EXPORTS_AHEAD.exec(text);
  if (ahead === null) {
    if (text.includes('module.exports=__toCommonJS(')) throw new Error('esbuild writes exports in another way than before');
    return text;
  }
  return `${text.replace(EXPORTS_AHEAD, '').replace(NAMES_AT_END, '')}module.exports=${ahead.groups.pairs.replaceAll('()=>', '')};`;
}

/** Leaves a module that is loaded when it is needed in its own file, unless it shall lie inside. */
function elsewhere({ root, within, fileOf }) {
  return {
    name: 'elsewhere',
    setup(build) {
      build.onResolve({ filter: /./ }, async ({ path: name, kind, resolveDir, pluginData }) => {
        if (kind !== 'dynamic-import' || pluginData === 'asked') return undefined;
        const found = await build.resolve(name, { kind, resolveDir, pluginData: 'asked' });
        const module = path.relative(root, found.path).replaceAll(path.sep, '/');
        if (found.external || found.errors.length > 0 || within.includes(module)) return found;
        const file = fileOf(module);
        return file === undefined ? { errors: [{ text: `no file of the program begins with ${module}` }] } : { path: `./${file}`, external: true };
      });
    },
  };
}

/** A call that loads a module when it is needed, as it is written in src. */
const LAZY_IMPORT = /\bimport\('([^']+)'\)/g;

/**
 * Loads a module that shall lie inside together with the one that asks for it. Left as it is, esbuild would make every module that both
 * of them use ready for being loaded later, each in a function of its own with its exports in a table: a third of the time to start.
 */
function atOnce({ root, within }) {
  return {
    name: 'at once',
    setup(build) {
      build.onLoad({ filter: /\.ts$/ }, async ({ path: file }) => {
        const names = [];
        const contents = (await readFile(file, 'utf8')).replaceAll(LAZY_IMPORT, (whole, from) => {
          const module = path.relative(root, path.resolve(path.dirname(file), from)).replaceAll(path.sep, '/');
          if (!within.includes(from.startsWith('.') ? module : `node_modules/${from}`)) return whole;
          names.push(from);
          return `Promise.resolve(__within${names.length})`;
        });
        if (names.length === 0) return undefined;
        return { loader: 'ts', contents: `${names.map((from, at) => `import * as __within${at + 1} from '${from}';\n`).join('')}${contents}` };
      });
    },
  };
}
