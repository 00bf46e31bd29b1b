/**
 * `npm run test:clients`: real clients of MCP, installed from npm, connect through the entry that `keywright setup --mcp` writes, and say so
 * in their own words; then the key of the grant is revoked at the server, and they have to say that.
 * Usage: npm run test:clients [-- --only ID ...]   (ids as below, and `inspector`)
 *
 * Clients are large (100 to 400 MB each) and kept in the user's cache folder. One that cannot be installed is skipped and named; what
 * does not work fails. Each gets a home folder of its own, and nothing but this machine to talk to.
 */
import { access, mkdir, readFile, symlink } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';

import { install } from './clients/install.mjs';
import { CLIENTS, ENTRY, INSPECTOR } from './clients/rows.mjs';
import { openStage, PROGRAM, runToEnd } from './stage.mjs';

const ASK_LIMIT_MS = 90_000;
const TOLD = /The server does not accept the key of this grant/;

const { values } = parseArgs({ options: { only: { type: 'string', multiple: true } } });

/** A terminal's colours (ECMA-48), which some clients write to a pipe too. */
const COLOUR = new RegExp(`${String.fromCharCode(27)}\\[[0-9;?]*[A-Za-z]`, 'g');

const uncoloured = (text) => text.replace(COLOUR, '');

function expect(condition, what, said) {
  if (!condition) throw new Error(`${what}\n${uncoloured(said).slice(0, 4000)}`);
}

async function keywright(env, cwd, words, codes = [0]) {
  const { code, stdout, stderr } = await runToEnd(process.execPath, [PROGRAM, ...words], { env, cwd });
  expect(codes.includes(code), `"keywright ${words.join(' ')}" ended with ${code}.`, `${stdout}\n${stderr}`);
  return stdout;
}

async function firstThere(folder, names) {
  for (const name of names) {
    const file = path.join(folder, name);
    if (
      await access(file).then(
        () => true,
        () => false,
      )
    )
      return file;
  }
  return undefined;
}

/** Signs in and sets up one client of a fresh home; gives the grant that it got. */
async function setUp(stage, row, env, cwd) {
  await keywright(env, cwd, ['login', 'memax']);
  await keywright(env, cwd, ['setup', '--mcp', '--only', row, '--yes']);
  const again = await keywright(env, cwd, ['setup', '--mcp', '--only', row, '--yes', '--json']);
  const grants = JSON.parse(await keywright(env, cwd, ['auth', 'list-grants', '--json']));
  expect(grants.length === 1, 'A second setup made another grant.', again);
  return grants[0];
}

/** Takes the client through it; gives what was proved, in words. Throws where something does not hold. */
async function tryClient(client, folder) {
  const stage = await openStage(client.id);
  try {
    const file = await firstThere(folder, client.programs);
    expect(file !== undefined, 'Its package holds no program for this system.', '');
    const programs = path.join(stage.home, 'programs');
    const project = path.join(stage.home, 'project');
    await mkdir(programs);
    await mkdir(project);
    const program = path.join(programs, client.name);
    await symlink(file, program);
    const env = { ...stage.env, ...client.env, PATH: `${programs}:${stage.env.PATH}` };
    const ask = async () => {
      const { stdout, stderr } =
        client.talk === undefined
          ? await runToEnd(program, client.ask.words, { env, cwd: project, limitMs: ASK_LIMIT_MS })
          : await client.talk(program, { env, cwd: project });
      return uncoloured(`${stdout}\n${stderr}`);
    };
    const grant = await setUp(stage, client.id, env, project);
    const live = await ask();
    expect(client.live(live), 'It does not connect through the entry.', live);
    const checked = JSON.parse(await keywright(env, project, ['setup', '--mcp', '--check', '--only', client.id, '--json']));
    await keywright(env, project, ['auth', 'revoke-key', grant.key_id, '--yes']);
    const dead = await ask();
    expect(!client.live(dead) && client.failed(dead), 'It does not say that the key was revoked.', dead);
    await keywright(env, project, ['teardown', '--yes']);
    const after = await ask();
    expect(!client.live(after) && !client.failed(after), 'The entry is still there after teardown.', after);
    const own = checked.find(({ part }) => part === 'client');
    expect(own?.state === 'fine', 'setup --check does not understand what the client says.', JSON.stringify(checked, null, 2));
    return `connected, refused after revocation, gone after teardown; setup --check: ${own.what}`;
  } finally {
    await stage.close();
  }
}

/** The inspector starts the bridge as the entry says. */
async function tryInspector(folder) {
  const stage = await openStage('inspector');
  try {
    const grant = await setUp(stage, INSPECTOR.row, stage.env, stage.home);
    const written = JSON.parse(await readFile(path.join(stage.home, '.cursor', 'mcp.json'), 'utf8'));
    const { command, args } = written.mcpServers[ENTRY];
    const program = path.join(folder, INSPECTOR.program);
    const inspect = (...words) => runToEnd(program, ['--cli', command, ...args, ...words], { env: stage.env, cwd: stage.home, limitMs: ASK_LIMIT_MS });
    const listed = await inspect('--method', 'tools/list');
    expect(listed.code === 0 && /"list_memories"/.test(listed.stdout), 'tools/list', `${listed.stdout}\n${listed.stderr}`);
    const added = await inspect('--method', 'tools/call', '--tool-name', 'add_memory', '--tool-arg', 'content=written by the inspector');
    expect(added.code === 0, 'tools/call add_memory', `${added.stdout}\n${added.stderr}`);
    const found = await inspect('--method', 'tools/call', '--tool-name', 'list_memories');
    expect(/written by the inspector/.test(found.stdout), 'tools/call list_memories', `${found.stdout}\n${found.stderr}`);
    await keywright(stage.env, stage.home, ['auth', 'revoke-key', grant.key_id, '--yes']);
    const dead = await inspect('--method', 'tools/list');
    expect(dead.code !== 0 && TOLD.test(dead.stderr + dead.stdout), 'The error after revocation', `${dead.stdout}\n${dead.stderr}`);
    return 'listed and called tools, readable error after revocation';
  } finally {
    await stage.close();
  }
}

const attempts = [
  { id: 'inspector', package: INSPECTOR.package, version: INSPECTOR.version, go: tryInspector },
  ...CLIENTS.map((client) => ({ id: client.id, package: client.package, version: client.version, go: (folder) => tryClient(client, folder) })),
].filter(({ id }) => values.only === undefined || values.only.includes(id));
if (attempts.length === 0) throw new Error('No such client; they are: inspector, ' + CLIENTS.map(({ id }) => id).join(', '));

const counted = { passed: 0, failed: 0, skipped: 0 };
for (const { id, package: name, version, go } of attempts) {
  const installed = await install(name, version);
  let outcome = 'skipped';
  let words = '';
  if (installed.kind === 'not-installed') words = `${name} could not be installed: ${installed.why}`;
  else
    try {
      words = await go(installed.folder);
      outcome = 'passed';
    } catch (thrown) {
      words = thrown instanceof Error ? thrown.message : String(thrown);
      outcome = 'failed';
    }
  counted[outcome] += 1;
  process.stdout.write(`${outcome.padEnd(8)}${`${id} ${version}`.padEnd(22)}${words}\n`);
}
process.stdout.write(`${counted.passed} passed, ${counted.failed} failed, ${counted.skipped} skipped\n`);
if (counted.failed > 0) process.exitCode = 1;
