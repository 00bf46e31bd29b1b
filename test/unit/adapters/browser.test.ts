import { describe, expect, it } from 'vitest';
import { createBrowser } from '../../../src/adapters/browser.ts';
import type { Env } from '../../../src/model/env.ts';

const DESKTOP: Env = { DISPLAY: ':0' };

function seen(env: Env, more: { readonly platform?: NodeJS.Platform; readonly files?: readonly string[] } = {}): readonly unknown[] {
  const files = more.files ?? [];
  const browser = createBrowser({ env, childEnv: {}, platform: more.platform ?? 'linux', exists: (path) => files.includes(path) });
  return [browser.likely, browser.whyUnlikely];
}

describe('whether a browser can be expected', () => {
  it.each<[string, Env]>([
    ['a display', DESKTOP],
    ['a Wayland display', { WAYLAND_DISPLAY: 'wayland-0' }],
    ['Windows around it', { WSL_DISTRO_NAME: 'Debian' }],
    ['a program named for it', { BROWSER: 'firefox' }],
    ['a program named for it, at the end of an SSH session', { BROWSER: 'code --openExternal', SSH_CONNECTION: '10.0.0.1 1 10.0.0.2 22' }],
    ['a program named for it, in a container', { BROWSER: '/helpers/browser.sh', container: 'podman' }],
  ])('can with %s', (_title, env) => {
    expect(seen(env)).toEqual([true, null]);
  });

  it.each<[string, Env, readonly string[]]>([
    ['there is no display', {}, []],
    ['there is no display', { DISPLAY: '', BROWSER: '' }, []],
    ['this is an SSH session', { ...DESKTOP, SSH_CONNECTION: '10.0.0.1 1 10.0.0.2 22' }, []],
    ['this is a container', { ...DESKTOP, container: 'lxc' }, []],
    ['this is a container', DESKTOP, ['/.dockerenv']],
    ['this is a container', DESKTOP, ['/run/.containerenv']],
  ])('cannot because %s (%j, %j)', (why, env, files) => {
    expect(seen(env, { files })).toEqual([false, why]);
  });

  it('is another question on macOS and Windows, where there is always a desktop but at the end of an SSH session', () => {
    for (const platform of ['darwin', 'win32'] as const) {
      expect(seen({}, { platform, files: ['/.dockerenv'] })).toEqual([true, null]);
      expect(seen({ SSH_CONNECTION: 'x' }, { platform })).toEqual([false, 'this is an SSH session']);
    }
  });
});
