import { claudeCode } from './claude-code.ts';
import { claudeDesktop } from './claude-desktop.ts';
import type { Client, ClientWorld } from './client.ts';
import { codex } from './codex.ts';
import { cursor } from './cursor.ts';
import { geminiCli } from './gemini-cli.ts';
import { opencode } from './opencode.ts';
import { vscode } from './vscode.ts';
import { windsurf } from './windsurf.ts';
import { zed } from './zed.ts';

/** The clients of MCP that are known, in the order in which they are shown. */
export const CLIENTS: readonly Client[] = [claudeCode, claudeDesktop, cursor, vscode, codex, geminiCli, windsurf, zed, opencode];

export function clientById(id: string): Client | undefined {
  return CLIENTS.find((client) => client.id === id);
}

/** Every file that a client may read in this home and this project. Two clients may read the same one. */
export function filesOfClients(world: ClientWorld): ReadonlyArray<{ readonly client: Client; readonly path: string }> {
  return CLIENTS.flatMap((client) => (['user', 'project'] as const).flatMap((scope) => client.files(scope, world).map((path) => ({ client, path }))));
}
