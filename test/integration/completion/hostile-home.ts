import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { encodeKeys } from '../../../src/adapters/known-keys-file.ts';
import { completionScripts } from '../../../src/cli/completion/scripts.ts';
import { makeHome, PROGRAM, type Variables } from '../../support/cli.ts';

/** What a colleague may call a key: a shell that takes any of it for more than text makes the file `ran`, or empties `precious.txt`. */
const HOSTILE_NAME = 'it\'s "x" $(touch ran) `touch ran` ; touch ran > precious.txt & \u001B[31m%n%(!.touch ran.)\n\ttouch ran\r\u0007';

export interface CompletionHome {
  /** The folder that shells are run in: it holds `precious.txt` and nothing else. */
  readonly cwd: string;
  readonly env: Variables;
  script(shell: string): string;
  /** Undefined while nothing has run and nothing was overwritten. */
  harm(): Promise<string | undefined>;
  remove(): Promise<void>;
}

const PRECIOUS = 'precious\n';

/** A home in which keys, grants and accounts are remembered, some with hostile names, and whose PATH leads to the built program. */
export async function makeCompletionHome(): Promise<CompletionHome> {
  const home = await makeHome();
  const at = (...parts: string[]): string => path.join(home.dir, ...parts);
  const state = path.join(home.env['XDG_STATE_HOME'] ?? '', 'keywright');
  for (const folder of [at('cwd'), at('bin'), at('scripts'), path.join(state, 'known-keys'), path.join(state, 'accounts'), path.join(state, 'grants')])
    await mkdir(folder, { recursive: true });
  await writeFile(at('cwd', 'precious.txt'), PRECIOUS);
  await writeFile(at('bin', 'keywright'), `#!/bin/sh\nexec '${process.execPath}' '${PROGRAM}' "$@"\n`);
  await chmod(at('bin', 'keywright'), 0o755);
  const origin = 'https://api.memax.app';
  const keys = [
    { id: 'key_hostile', name: HOSTILE_NAME, agent: HOSTILE_NAME, account: 'default' },
    { id: 'key_deploy', name: 'ci-deploy', agent: 'claude-code', account: 'default' },
    { id: 'key_work', name: 'nightly', agent: null, account: 'work' },
    ...['$(touch${IFS}ran)', '`touch\tran`', 'a b', "a'b", '-rf', 'x>precious.txt', '', '*'].map((id) => ({ id, name: id, agent: id, account: 'default' })),
  ];
  const soon = Date.now() + 600_000;
  const signIns = [
    { id: 'b3GunS1gn1n', account: 'work', endsAt: soon },
    { id: '$(touch ran)', account: HOSTILE_NAME, endsAt: soon },
    { id: 'l0ng0ver', account: 'default', endsAt: Date.now() - 1 },
  ];
  await writeFile(path.join(state, 'known-keys', '1.json'), encodeKeys({ provider: 'memax', origin, keys, signIns }));
  const other = {
    provider: 'minds',
    origin: 'https://api.minds.example',
    keys: [{ id: 'key_minds', name: null, agent: null, account: 'default' }],
    signIns: [],
  };
  await writeFile(path.join(state, 'known-keys', '2.json'), encodeKeys(other));
  const account = { provider: 'memax', account: 'me@work.example', identity: { id: '1', label: HOSTILE_NAME } };
  await writeFile(path.join(state, 'accounts', '1.json'), JSON.stringify(account));
  await writeFile(path.join(state, 'grants', 'Zk3mQx81TfPa.json'), JSON.stringify({ id: 'Zk3mQx81TfPa', agent: 'claude-code', provider: 'memax' }));
  for (const { file, script } of await completionScripts(__KEYWRIGHT_VERSION__)) await writeFile(at('scripts', file), script);
  const files: Readonly<Record<string, string>> = { bash: 'keywright.bash', zsh: '_keywright', fish: 'keywright.fish', powershell: 'keywright.ps1' };
  return {
    cwd: at('cwd'),
    env: { ...home.env, PATH: `${at('bin')}:${home.env['PATH'] ?? ''}` },
    script: (shell) => at('scripts', files[shell] ?? ''),
    harm: async () => {
      const names = await readdir(at('cwd'));
      const text = await readFile(at('cwd', 'precious.txt'), 'utf8').catch(() => 'gone');
      return names.length === 1 && text === PRECIOUS ? undefined : `there are ${names.join(', ')}; precious.txt holds: ${text}`;
    },
    remove: home.remove,
  };
}

/** Lines that a person may have typed when they press Tab, with what must not be run. */
export const HOSTILE_LINES = [
  'keywright auth revoke-key $(touch ran) ',
  'keywright auth revoke-key `touch ran` ',
  'keywright auth revoke-key "$(touch ran)" ',
  'keywright auth revoke-key x > precious.txt --n',
  'keywright auth revoke-key x > precious.txt ',
  'keywright auth list-keys --provider $(touch ran) --name ',
  'keywright auth list-keys --account `touch ran` --name ',
  'keywright $(touch ran) ',
  'keywright login --store $(touch ran)',
  'keywright auth create-key --to file:$(touch ran)/',
  'keywright api GET /x --input `touch ran`/',
  'keywright run -- $(touch ran) ',
] as const;
