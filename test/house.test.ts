import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from 'vitest';

import { COMMANDS } from '../src/cli/command-table.ts';
import { PROVIDERS } from '../src/providers/registry.ts';
import { type Sighting, sightings } from './support/source-rules.ts';

const ROOT = fileURLToPath(new URL('../', import.meta.url));

/** Where each thing may be. A name that ends in a slash is a folder. Who needs a place adds it here and says why in the commit. */
const ALLOWED: Readonly<Record<Sighting, readonly string[]>> = {
  // The composition roots, of all commands, of the bridge, of completion and of a key in a variable, and a process of its own that talks through its streams.
  process: ['src/main.ts', 'src/bridge.ts', 'src/complete.ts', 'src/short/token.ts', 'src/short/status.ts', 'src/adapters/keychain/child.ts'],
  reveal: [
    // What starts a program, writes a file or prints a result is given the secret for just that.
    'src/adapters/attached-child.ts',
    'src/adapters/children.ts',
    'src/adapters/encrypted-file/',
    'src/adapters/key-files.ts',
    'src/adapters/note-text.ts',
    'src/adapters/results.ts',
    'src/api/call.ts',
    'src/api/client-tokens.ts',
    // A token's own words are read where it is.
    'src/api/jwt.ts',
    'src/api/keys.ts',
    'src/api/mask.ts',
    'src/api/status.ts',
    'src/commands/auth/create-client-token.ts',
    'src/commands/auth/token.ts',
    'src/model/revocation.ts',
    // Sinks put a key into the form that they take it in; a rotation keeps its successor in the store.
    'src/flows/deliver/',
    'src/flows/rotate/kept.ts',
    // The environment of the child gets the credential, which is why it was started.
    'src/flows/run/with-credential.ts',
    'src/flows/two-steps/pending.ts',
    'src/mcp/bridge/carry.ts',
    'src/mcp/bridge/server.ts',
    'src/model/stored-credential-codec.ts',
    'src/oauth/device.ts',
    'src/oauth/dpop.ts',
    'src/oauth/token-endpoint.ts',
    // The kind of a credential is told by its look.
    'src/providers/credential-kind.ts',
    // What is private in a client token goes into the body of its request.
    'src/providers/reminix.ts',
    // What prints it, once more, where nothing else has a say.
    'src/short/token.ts',
  ],
  timer: ['src/adapters/browser-start.ts', 'src/adapters/clock.ts', 'src/backend/'],
  vendor: ['src/backend/', 'src/providers/'],
  'module-state': [],
  'not-ascii': [],
  'class-identity': [],
  // They write a new key by a way on which Node cannot wait for itself, and say why.
  'key-pair': ['src/backend/signing-key.ts', 'src/oauth/dpop.ts'],
};

const read = (file: string): string => readFileSync(path.join(ROOT, file), 'utf8');

function filesBelow(folder: string, pattern: RegExp): readonly string[] {
  if (!existsSync(path.join(ROOT, folder))) return [];
  return readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => path.posix.join(folder, name.replaceAll(path.sep, '/')))
    .filter((name) => pattern.test(name))
    .sort();
}

const SOURCES = filesBelow('src', /\.ts$/);
const VENDORS = [...new Set(['memax', 'minds', 'reminix', 'agntix', ...PROVIDERS.map(({ id }) => id)])];
const ALL_SIGHTINGS = SOURCES.flatMap((file) => sightings(read(file), VENDORS).map(({ kind, line }) => ({ kind, line, file })));

const covers = (place: string, file: string): boolean => (place.endsWith('/') ? file.startsWith(place) : file === place);

describe('the rules of the house', () => {
  it.each<[Sighting, string]>([
    ['process', 'only main.ts knows how the process was called'],
    ['reveal', 'a secret is revealed only where that is the job'],
    ['timer', 'waits go through the clock'],
    ['vendor', 'nobody asks which vendor it is'],
    ['module-state', 'no module keeps a variable'],
    ['not-ascii', 'source is plain ASCII'],
    ['class-identity', 'a class of which there may be two copies is known by what it has'],
    ['key-pair', 'a key pair is made where it is known what Node does with it'],
  ])('%s: %s', (kind) => {
    const elsewhere = ALL_SIGHTINGS.filter((seen) => seen.kind === kind && !ALLOWED[kind].some((place) => covers(place, seen.file)));
    expect(elsewhere.map(({ file, line }) => `${file}:${line}`)).toEqual([]);
  });

  it('allows no place that does not need it', () => {
    const unused = Object.entries(ALLOWED).flatMap(([kind, places]) =>
      places.filter((place) => !ALL_SIGHTINGS.some((seen) => seen.kind === kind && covers(place, seen.file))).map((place) => `${kind}: ${place}`),
    );
    expect(unused).toEqual([]);
  });

  it('is held by a search that finds planted faults and lets sound lines be', () => {
    const planted = [
      'const home = process.env.HOME;',
      'const { argv } = process;',
      "import { exit } from 'node:process';",
      'globalThis.process.exit(1);',
      'send(secret.reveal());',
      'const show = secret.reveal;',
      'setTimeout(f, 1);',
      "import { setTimeout as wait } from 'node:timers/promises';",
      "if (provider.id === 'memax') f();",
      "read(env, 'MEMAX_API_KEY');",
      'let count = 0;',
      'export var state = [];',
      'const dash = "\u2014";',
      'if (thrown instanceof Failure) f();',
      'const pair = crypto.subtle.generateKey(type, true, uses);',
      "const { generateKeyPairSync: make } = await import('node:crypto');",
      '// process.env, reveal() and setTimeout are only mentioned here',
      'process.kill(process.pid);',
      "const text = 'keywright login memax';",
      'const parts = { process: 1, timer: f };',
      'function f() { let inner = 1; return inner; }',
    ].join('\n');
    expect(
      sightings(planted, VENDORS)
        .map(({ kind, line }) => `${line} ${kind}`)
        .sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10)),
    ).toEqual([
      '1 process',
      '2 process',
      '3 process',
      '4 process',
      '5 reveal',
      '6 reveal',
      '7 timer',
      '8 timer',
      '9 vendor',
      '10 vendor',
      '11 module-state',
      '12 module-state',
      '13 not-ascii',
      '14 class-identity',
      '15 key-pair',
      '16 key-pair',
    ]);
  });
});

describe('commands', () => {
  it('lie where their words say', async () => {
    const listed = COMMANDS.map((listing) => `src/commands/${listing.path.join('/')}.ts`);
    expect([...listed].sort()).toEqual(filesBelow('src/commands', /\.ts$/).filter((file) => file !== 'src/commands/command.ts'));
    const loaded = await Promise.all(COMMANDS.map(async (listing) => (await listing.load()).path));
    expect(loaded).toEqual(COMMANDS.map((listing) => listing.path));
  });
});

describe('documents', () => {
  const documents = [...['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md'].filter((file) => existsSync(path.join(ROOT, file))), ...filesBelow('docs', /\.md$/)];
  const { scripts }: { scripts: Record<string, string> } = JSON.parse(read('package.json'));

  it.each(documents)('%s names only paths and scripts that exist', (document) => {
    const text = read(document);
    const code = [...text.matchAll(/`([^`\n]+)`/g)].flatMap(([, words]) => (words ?? '').split(/[\s,=]+/));
    const links = [...text.matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)].map(([, target]) => target ?? '');
    const named = code.filter((word) => /^(\.ci|bin|completions|docs|schema|scripts|src|test)\/[\w./-]*$/.test(word));
    expect([...named, ...links].filter((name) => !existsSync(path.join(ROOT, path.dirname(links.includes(name) ? document : '.'), name)))).toEqual([]);
    const wanted = [...text.matchAll(/npm run ([a-z:]+)/g)].map(([, name]) => name ?? '');
    expect(wanted.filter((name) => scripts[name] === undefined)).toEqual([]);
  });

  it('are there', () => {
    expect(documents).toEqual(expect.arrayContaining(['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md']));
  });
});

describe('what is tracked', () => {
  it('names no folder of the machine it was written on', () => {
    // In pieces, so that this file is no match of its own.
    const places = [
      ['/wo', 'rk/'],
      ['/ro', 'ot/'],
      ['/fa', 'rm/'],
      ['.lib', 'rary/'],
      ['/tmp/br', 'iefs'],
    ].map((pieces) => pieces.join(''));
    const tracked = execFileSync('git', ['-c', 'safe.directory=*', 'ls-files', '-z'], { cwd: ROOT, encoding: 'utf8' })
      .split('\0')
      .filter((file) => file !== '' && existsSync(path.join(ROOT, file)));
    expect(tracked.length).toBeGreaterThan(0);
    expect(tracked.flatMap((file) => places.filter((place) => read(file).includes(place)).map((place) => `${file}: ${place}`))).toEqual([]);
  });
});
