import { describe, expect, it } from 'vitest';

import { isIdle } from '../../../src/world/idle.ts';

describe('whether a process may end at once', () => {
  it('is so where nothing is left, and where only connections are left that are over', () => {
    expect(isIdle([], 0)).toBe(true);
    expect(isIdle(['TCPSocketWrap'], 1)).toBe(true);
    expect(isIdle(['SimpleShutdownWrap', 'TCPSocketWrap', 'TCPSocketWrap'], 3)).toBe(true);
    expect(isIdle(['PipeWrap', 'TTYWrap', 'CloseReq'], 0)).toBe(true);
  });

  it.each([
    ['a connection of somebody else', ['TCPSocketWrap', 'TCPSocketWrap'], 1],
    ['a write to a pipe', ['TCPSocketWrap', 'LibuvWriteWrap', 'PipeWrap'], 1],
    ['a file that is being written', ['FSReqPromise'], 1],
    ['a wait', ['Timeout'], 1],
    ['a child', ['ProcessWrap'], 1],
    ['a pipe that is being shut down', ['SimpleShutdownWrap', 'PipeWrap'], 1],
    ['a server', ['TCPServerWrap'], 1],
  ])('is not so with %s', (_what, left, over) => {
    expect(isIdle(left, over)).toBe(false);
  });

  it('knows the words of this Node for what it lists', async () => {
    const { createServer, connect } = await import('node:net');
    const server = createServer((socket) => socket.resume());
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    const before = process.getActiveResourcesInfo();
    const socket = connect(address.port, '127.0.0.1');
    await new Promise<void>((resolve) => void socket.once('connect', () => resolve()));
    const grown = process.getActiveResourcesInfo().filter((name) => name.startsWith('TCP'));
    socket.end();
    const ending = process.getActiveResourcesInfo();
    await new Promise<void>((resolve) => void socket.once('close', () => resolve()));
    await new Promise<void>((resolve) => void server.close(() => resolve()));
    expect(grown.filter((name) => name === 'TCPSocketWrap').length).toBeGreaterThan(before.filter((name) => name === 'TCPSocketWrap').length);
    expect(ending).toContain('SimpleShutdownWrap');
  });
});
