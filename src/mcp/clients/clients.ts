import { claudeCode } from './claude-code.ts';
import { claudeDesktop } from './claude-desktop.ts';
import type { Client, ClientWorld, Scope } from './client.ts';
import { codex } from './codex.ts';
import { cursor } from './cursor.ts';
import { geminiCli } from './gemini-cli.ts';
import { opencode } from './opencode.ts';
import { vscode } from './vscode.ts';
import { windsurf } from './windsurf.ts';
import { zed } from './zed.ts';

/** The clients of MCP that are known, in the order in which they are shown. */
export const CLIENTS: readonly Client[] = [claudeCode, claudeDesktop, cursor, vscode, codex, geminiCli, windsurf, zed, opencode];

/** A file that a client may read. */
export interface ClientFile {
  readonly client: Client;
  readonly scope: Scope;
  readonly path: string;
}

/** Every file that a client may read in this home and this project. Two clients may read the same one. */
export function filesOfClients(world: ClientWorld): readonly ClientFile[] {
  return CLIENTS.flatMap((client) => (['user', 'project'] as const).flatMap((scope) => client.files(scope, world).map((path) => ({ client, scope, path }))));
}
