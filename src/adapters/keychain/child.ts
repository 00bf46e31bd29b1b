/**
 * The program of the child process (an entry of its own in the build): one keychain call that can be killed from outside.
 *
 * It reads one request from stdin and writes one answer to stdout. Its stdin stays open while it works: when it ends, the
 * parent is gone, and a call that waits for somebody to unlock the keychain must not outlive it.
 */
import { readChildRequest } from './child-protocol.ts';
import type { ChildAnswer, ChildRequest } from './child-protocol.ts';
import { loadNative } from './native.ts';
import type { NativeKeychain } from './native.ts';

async function answer(request: ChildRequest): Promise<ChildAnswer> {
  let native: NativeKeychain;
  try {
    native = await loadNative();
  } catch {
    return { kind: 'no-library' };
  }
  try {
    if (request.op === 'get') return { kind: 'value', value: await native.getPassword(request.service, request.name) };
    if (request.op === 'delete') return { kind: (await native.deletePassword(request.service, request.name)) ? 'deleted' : 'absent' };
    await native.setPassword(request.service, request.name, request.value);
    return { kind: 'set' };
  } catch (thrown) {
    return { kind: 'failed', message: thrown instanceof Error ? thrown.message : String(thrown) };
  }
}

function main(): void {
  let asked = '';
  let started = false;
  process.stdin.setEncoding('utf8');
  process.stdin.on('data', (chunk: string) => {
    asked += chunk;
    const lineEnd = asked.indexOf('\n');
    if (lineEnd < 0 || started) return;
    started = true;
    const request = readChildRequest(asked.slice(0, lineEnd));
    if (request === undefined) return void process.stdin.destroy();
    void answer(request).then((answered) => process.stdout.write(JSON.stringify(answered), () => process.stdin.destroy()));
  });
  // Only SIGKILL ends a process whose keychain call hangs.
  process.stdin.on('end', () => process.kill(process.pid, 'SIGKILL'));
}

main();
