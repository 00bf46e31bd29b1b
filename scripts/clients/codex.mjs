import { spawn } from 'node:child_process';
import readline from 'node:readline';

const LIMIT_MS = 60_000;

/** Asks Codex over its own protocol (JSON-RPC, a message a line) what its servers of MCP offer; its commands only read back the file. */
export async function askCodex(file, { env, cwd }) {
  const child = spawn(file, ['app-server'], { env, cwd, stdio: ['pipe', 'pipe', 'pipe'] });
  child.on('error', () => undefined);
  child.stdin.on('error', () => undefined);
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text) => (stderr += text));
  const say = (message) => child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  const limit = setTimeout(() => child.kill('SIGKILL'), LIMIT_MS);
  say({ id: 1, method: 'initialize', params: { clientInfo: { name: 'keywright-test', version: '1' } } });
  try {
    for await (const line of readline.createInterface({ input: child.stdout })) {
      const message = JSON.parse(line);
      if (message.id === 1) {
        say({ method: 'initialized', params: {} });
        say({ id: 2, method: 'mcpServerStatus/list', params: { detail: 'toolsAndAuthOnly' } });
      }
      if (message.id === 2) return { code: 0, stdout: line, stderr };
    }
    return { code: 1, stdout: '', stderr };
  } finally {
    clearTimeout(limit);
    child.kill('SIGTERM');
  }
}
