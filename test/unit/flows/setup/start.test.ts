import { describe, expect, it } from 'vitest';
import { bridgeStart } from '../../../../src/flows/setup/start.ts';
import { commandIn, grantIn } from '../../../../src/flows/setup/own-entry.ts';
import type { ProgramFacts } from '../../../../src/model/system.ts';

const program: ProgramFacts = {
  node: '/usr/bin/node',
  script: '/opt/keywright/bin/keywright.js',
  uid: 1000,
  folders: { state: '/home/ada/.local/state/keywright', data: '/home/ada/.local/share/keywright' },
  usualFolders: { state: '/home/ada/.local/state/keywright', data: '/home/ada/.local/share/keywright' },
};

const start = (bus?: string, platform = 'linux', changes: Partial<ProgramFacts> = {}) =>
  bridgeStart('acme', 'Zk3mQx81TfPa', { program: { ...program, ...changes }, env: { DBUS_SESSION_BUS_ADDRESS: bus }, platform });

const BARE = ['/opt/keywright/bin/keywright.js', 'mcp', 'acme', '--grant', 'Zk3mQx81TfPa'];

describe('how a client starts the bridge', () => {
  it.each([
    ['no bus is named', undefined, 'linux'],
    ['the bus is the usual one', 'unix:path=/run/user/1000/bus', 'linux'],
    ['the usual bus has the name of this session', 'unix:path=/run/user/1000/bus,guid=0123456789abcdef', 'linux'],
    ['the system has no such bus', 'unix:path=/tmp/bus', 'darwin'],
  ])('names nothing beside the grant where %s', (_why, bus, platform) => {
    expect(start(bus, platform)).toEqual({ command: '/usr/bin/node', args: BARE });
  });

  it('names what is not the usual', () => {
    const { args } = start('unix:path=/tmp/bus,guid=0123456789abcdef', 'linux', { folders: { state: '/s', data: '/d' } });
    expect(args).toEqual([...BARE, '--dbus', 'unix:path=/tmp/bus', '--state', '/s', '--data', '/d']);
    expect(start('unix:path=/run/user/1001/bus').args).toEqual([...BARE, '--dbus', 'unix:path=/run/user/1001/bus']);
  });
});

describe('an entry that is read back', () => {
  it.each([
    [{ command: 'node', args: ['x', 'mcp', 'acme', '--grant', 'abc'] }],
    [{ type: 'local', command: ['node', 'x', 'mcp', 'acme', '--grant', 'abc'], enabled: true }],
  ])('tells its grant and its command', (entry) => {
    expect([grantIn(entry), commandIn(entry)]).toEqual(['abc', ['node', 'x', 'mcp', 'acme', '--grant', 'abc']]);
  });

  it.each([
    [null],
    ['x'],
    [{}],
    [{ url: 'https://x.test', headers: {} }],
    [{ command: 'node', args: ['mcp', '--grant'] }],
    [{ args: ['mcp', '--grant', '../x'] }],
  ])('is none of ours: %j', (entry) => {
    expect(grantIn(entry)).toBeUndefined();
  });
});
