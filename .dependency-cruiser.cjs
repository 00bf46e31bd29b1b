/** The floors of the house. A floor imports only from below itself; type-only and dynamic imports count as imports. */

const FLOORS = [['model'], ['providers', 'render'], ['oauth', 'api'], ['flows', 'mcp'], ['commands'], ['cli']];
/** A room that another one of the same floor may build on: setting up clients of MCP needs to know them. */
const LEANS_ON = { flows: ['mcp'] };
const WINGS = ['adapters', 'backend'];
/** Rooms beyond the model and the providers: the pages of the backend look like those of the client. */
const WING_SEES = { backend: ['render'] };

/** Each npm package is named in its room only. Keys are package names as source writes them, values say where. */
const ROOMS = {
  '@inquirer/prompts': '^src/adapters/prompt',
  chalk: '^src/adapters/terminal',
  commander: '^src/cli/',
  'env-paths': '^src/adapters/paths',
  execa: '^src/adapters/(child|browser)',
  jose: '^src/(adapters/encrypted-file|oauth/|backend/agntix/)',
  'jsonc-parser': '^src/mcp/edit/',
  keytar: '^src/adapters/keychain',
  libsql: '^src/backend/',
  'oidc-provider': '^src/backend/',
  open: '^src/adapters/browser',
  'openid-client': '^src/oauth/',
  'smol-toml': '^src/mcp/edit/',
  undici: '^src/adapters/http',
  valibot: '^src/(providers|mcp)/',
};

/** Files of src/providers that are not a vendor. */
const PROVIDER_TOOLS = [
  'provider',
  'registry',
  'read',
  'credential-kind',
  'definition',
  'definition-keys',
  'definition-mistakes',
  'definition-names',
  'definition-patterns',
  'definition-rules',
  'definition-schema',
  'known-words',
];

/** Where a package's code or types lie. */
const packagePath = (name) => `(^|/)node_modules/(@types/)?${name}/`;

/** A floor may import its own rooms and those of the floors below. Two rooms of one floor do not know each other, but for LEANS_ON. */
function floorRules() {
  return FLOORS.flatMap((rooms, height) =>
    rooms.map((room) => ({
      name: `floor-${height}-${room}`,
      comment: `src/${room} imports only itself and the floors below it.`,
      severity: 'error',
      from: { path: `^src/${room}/` },
      to: {
        path: '^src/',
        pathNot: [`^src/${room}/`, ...[...FLOORS.slice(0, height).flat(), ...(LEANS_ON[room] ?? [])].map((name) => `^src/${name}/`), '^src/version\\.d\\.ts$'],
      },
    })),
  );
}

const rooms = Object.entries(ROOMS).map(([name, room]) => ({
  name: `room-of-${name.replace('/', '-')}`,
  comment: `${name} is named only in its room.`,
  severity: 'error',
  from: { path: '^src/', pathNot: room },
  to: { path: packagePath(name) },
}));

module.exports = {
  forbidden: [
    { name: 'resolvable', comment: 'An import that leads nowhere hides everything behind it.', severity: 'error', from: {}, to: { couldNotResolve: true } },
    { name: 'no-circle', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-orphan',
      comment: 'A file that nobody imports and that starts nothing is forgotten.',
      severity: 'error',
      from: { orphan: true, path: '^src/', pathNot: '\\.d\\.ts$|^src/(main\\.ts|cli/texts\\.ts|adapters/keychain/child\\.ts)$' },
      to: {},
    },
    ...floorRules(),
    {
      name: 'model-imports-nothing',
      comment: 'The words of the product need no package and no part of Node.',
      severity: 'error',
      from: { path: '^src/model/' },
      to: { pathNot: '^src/model/' },
    },
    ...WINGS.map((wing) => ({
      name: `wing-${wing}`,
      comment: `src/${wing} knows ${['the model', 'the providers', ...(WING_SEES[wing] ?? []).map((room) => `src/${room}`)].join(', ')} and itself.`,
      severity: 'error',
      from: { path: `^src/${wing}/` },
      to: {
        path: '^src/',
        pathNot: [...['model', 'providers', wing, ...(WING_SEES[wing] ?? [])].map((room) => `^src/${room}/`), '^src/version\\.d\\.ts$'],
      },
    })),
    {
      name: 'only-main-knows-the-wings',
      comment: 'main.ts builds Deps in the rooms of src/world, those of src/short a part of it; everybody else gets it.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(main\\.ts$|world/|short/)' },
      to: { path: '^src/((main|bridge|complete)\\.ts$|world/|short/)' },
    },
    ...WINGS.map((wing) => ({
      name: `only-main-opens-${wing}`,
      comment: 'main.ts builds Deps in the rooms of src/world, those of src/short a part of it; everybody else gets it.',
      severity: 'error',
      from: { path: '^src/', pathNot: [`^src/${wing}/`, '^src/((main|bridge|complete)\\.ts$|world/|short/)'] },
      to: { path: `^src/${wing}/` },
    })),
    {
      name: 'wing-adapters-sees-provider-types',
      comment: 'What a vendor does is no business of an adapter; how it is described may be.',
      severity: 'error',
      from: { path: '^src/adapters/' },
      to: { path: '^src/providers/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'command-alone',
      comment: 'A command never imports another command. What two of them need lies below; what a command is stands in command.ts.',
      severity: 'error',
      from: { path: '^src/commands/' },
      to: { path: '^src/commands/', pathNot: '^src/commands/command\\.ts$' },
    },
    {
      name: 'only-registry-names-a-provider',
      comment: 'Vendors do not know each other, and nobody asks which vendor it is. What vendors share is named in PROVIDER_TOOLS above.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(providers/registry\\.ts|backend/)' },
      to: { path: '^src/providers/', pathNot: `^src/providers/(${PROVIDER_TOOLS.join('|')})\\.ts$` },
    },
    ...rooms,
    {
      name: 'known-package',
      comment: 'A package that has no room yet gets one in this file first.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: 'node_modules', pathNot: Object.keys(ROOMS).map(packagePath).concat('(^|/)node_modules/@types/node/') },
    },
    { name: 'source-is-not-a-test', severity: 'error', from: { path: '^src/' }, to: { path: '^(test|scripts)/' } },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['types', 'import', 'node', 'default', 'require'] },
  },
};
