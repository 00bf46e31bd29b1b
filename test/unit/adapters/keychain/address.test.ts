import { describe, expect, it } from 'vitest';
import { findBus } from '../../../../src/adapters/keychain/bus/address.ts';

const nowhere = (): Promise<boolean> => Promise.resolve(false);
const everywhere = (): Promise<boolean> => Promise.resolve(true);

describe('the address of the session bus', () => {
  it.each([
    ['unix:path=/run/bus', ['/run/bus']],
    ['unix:path=/run/bus,guid=0123abcd', ['/run/bus']],
    ['unix:guid=0123abcd,path=/run/bus', ['/run/bus']],
    ['unix:abstract=/tmp/dbus-XYZ,guid=1', ['\0/tmp/dbus-XYZ']],
    ['unix:path=/run/with%20space%3b%2c%C3%BC', ['/run/with space;,\u00fc']],
    ['unix:path=/first;unix:abstract=second;', ['/first', '\0second']],
    ['unix:runtime=yes', ['/runtime/bus']],
  ])('reads %s', async (address, sockets) => {
    expect(await findBus({ DBUS_SESSION_BUS_ADDRESS: address, XDG_RUNTIME_DIR: '/runtime' }, 7, nowhere)).toEqual({
      kind: 'sockets',
      sockets,
      tellLibrary: undefined,
    });
  });

  it.each([
    'tcp:host=127.0.0.1,port=1',
    'autolaunch:',
    'unixexec:path=x',
    'unix:path=/ok;tcp:host=a',
    'unix:path=%zz',
    'unix:nothing',
    'unix:runtime=no',
    'garbage',
  ])('leaves %s to the library', async (address) => {
    expect(await findBus({ DBUS_SESSION_BUS_ADDRESS: address, XDG_RUNTIME_DIR: '/runtime' }, 7, everywhere)).toEqual({ kind: 'unreadable' });
  });

  it.each(['disabled:', ';'])('takes %s for no bus', async (address) => {
    expect(await findBus({ DBUS_SESSION_BUS_ADDRESS: address }, 7, everywhere)).toEqual({ kind: 'none' });
  });

  it('takes the bus of the runtime folder when no address is given, as the library does', async () => {
    expect(await findBus({ XDG_RUNTIME_DIR: '/runtime', DBUS_SESSION_BUS_ADDRESS: '' }, 7, everywhere)).toEqual({
      kind: 'sockets',
      sockets: ['/runtime/bus'],
      tellLibrary: undefined,
    });
  });

  it('finds the usual bus where no variable leads to it, and says that the library must be told', async () => {
    const usual = { kind: 'sockets', sockets: ['/run/user/7/bus'], tellLibrary: 'unix:path=/run/user/7/bus' };
    expect(await findBus({}, 7, everywhere)).toEqual(usual);
    expect(await findBus({ XDG_RUNTIME_DIR: '/runtime' }, 7, (path) => Promise.resolve(path.startsWith('/run/user')))).toEqual(usual);
  });

  it('says so when there is none', async () => {
    expect(await findBus({ XDG_RUNTIME_DIR: '/runtime' }, 7, nowhere)).toEqual({ kind: 'none' });
  });
});
