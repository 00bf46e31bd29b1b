import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { findPaths } from '../../../src/adapters/paths.ts';

const passwordHome = (): string => '/home/recorded';

describe('the folders', () => {
  it.each([
    ['with no variable set', {}],
    ['with every variable set', { XDG_DATA_HOME: '/x/data', XDG_CONFIG_HOME: '/x/config', XDG_STATE_HOME: '/x/state', XDG_CACHE_HOME: '/x/cache' }],
    ['with empty variables', { XDG_DATA_HOME: '', XDG_CONFIG_HOME: '', XDG_STATE_HOME: '', XDG_CACHE_HOME: '' }],
  ])('are those of env-paths %s', (_title, variables) => {
    const env = { HOME: '/home/me', LOCALAPPDATA: 'C:\\local', APPDATA: 'C:\\roaming', ...variables };
    const script = "import envPaths from 'env-paths'; process.stdout.write(JSON.stringify(envPaths('keywright', { suffix: '' })))";
    const theirs: unknown = JSON.parse(execFileSync(process.execPath, ['--input-type=module', '-e', script], { env, encoding: 'utf8' }));
    const { data, config, cache, state } = findPaths(env, process.platform, passwordHome);
    // Only on Linux does env-paths put its logs where state belongs.
    expect(theirs).toMatchObject(process.platform === 'linux' ? { data, config, cache, log: state } : { data, config, cache });
  });

  it('pass over a relative XDG value', () => {
    expect(findPaths({ HOME: '/home/me', XDG_DATA_HOME: 'here' }, 'linux', passwordHome).data).toBe('/home/me/.local/share/keywright');
  });

  it('are those of the system on macOS and Windows', () => {
    expect(findPaths({ HOME: '/Users/me', XDG_DATA_HOME: '/x' }, 'darwin', () => '/Users/me')).toEqual({
      data: '/Users/me/Library/Application Support/keywright',
      state: '/Users/me/Library/Application Support/keywright',
      config: '/Users/me/Library/Preferences/keywright',
      cache: '/Users/me/Library/Caches/keywright',
      locks: '/Users/me/.keywright/locks',
      journals: '/Users/me/.keywright/journals',
    });
    expect(findPaths({ USERPROFILE: 'C:\\Users\\me', APPDATA: 'R:\\roaming' }, 'win32', () => 'C:\\Users\\me')).toEqual({
      data: 'C:\\Users\\me\\AppData\\Local\\keywright\\Data',
      state: 'C:\\Users\\me\\AppData\\Local\\keywright\\Data',
      config: 'R:\\roaming\\keywright\\Config',
      cache: 'C:\\Users\\me\\AppData\\Local\\keywright\\Cache',
      locks: 'C:\\Users\\me\\.keywright\\locks',
      journals: 'C:\\Users\\me\\.keywright\\journals',
    });
  });

  it('have the locks under the recorded home, whatever the variables say', () => {
    const variables = { HOME: '/tmp/other', XDG_DATA_HOME: '/x', XDG_STATE_HOME: '/x', XDG_RUNTIME_DIR: '/x', TMPDIR: '/x' };
    const { locks, journals } = findPaths(variables, 'linux', passwordHome);
    expect({ locks, journals }).toEqual({ locks: '/home/recorded/.keywright/locks', journals: '/home/recorded/.keywright/journals' });
  });

  it.each([
    [
      'the password database does not know the user',
      (): string => {
        throw new Error('ENOENT');
      },
    ],
    ['the password database has no home for the user', (): string => ''],
  ])('are all but the locks there when %s', (_title, noHome) => {
    expect(findPaths({ HOME: '/home/me' }, 'linux', noHome)).toEqual({
      data: '/home/me/.local/share/keywright',
      config: '/home/me/.config/keywright',
      state: '/home/me/.local/state/keywright',
      cache: '/home/me/.cache/keywright',
      locks: null,
      journals: null,
    });
    expect(findPaths({}, 'linux', noHome).data).toBe('/.local/share/keywright');
  });

  it('need no HOME', () => {
    expect(findPaths({}, 'linux', passwordHome).data).toBe('/home/recorded/.local/share/keywright');
  });
});
