import type { Deps } from '../../model/deps.ts';
import { Secret } from '../../model/secret.ts';
import { plainText } from '../../render/plain-text.ts';

/** Clients give up on a server that says nothing for longer. */
const LIMIT_MS = 10_000;

/** What clients do not hand on, or not all of them; an entry that needs one of these works in one client and fails in the next. */
const NOT_HANDED_ON = ['DBUS_SESSION_BUS_ADDRESS', 'XDG_STATE_HOME', 'XDG_DATA_HOME', 'XDG_CONFIG_HOME', 'XDG_CACHE_HOME'] as const;

export type BridgeAnswer = { readonly kind: 'answers'; readonly tools: number } | { readonly kind: 'wrong'; readonly why: string };

/** MCP 2025-11-25, "Lifecycle": the three messages with which a client begins, and the question what there is. */
const QUESTIONS = [
  {
    jsonrpc: '2.0',
    id: 1,
    method: 'initialize',
    params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'keywright-check', version: '1' } },
  },
  { jsonrpc: '2.0', method: 'notifications/initialized' },
  { jsonrpc: '2.0', id: 2, method: 'tools/list' },
];

/** Starts the command of an entry as a client does, asks what tools there are, and lets it end. */
export async function askBridge(command: readonly string[], { children }: Pick<Deps, 'children'>): Promise<BridgeAnswer> {
  const [file = '', ...args] = command;
  const input = new Secret(QUESTIONS.map((message) => `${JSON.stringify(message)}\n`).join(''));
  const env = Object.fromEntries(NOT_HANDED_ON.map((name) => [name, undefined]));
  const end = await children.run({ file, args, input, env, limitMs: LIMIT_MS });
  if (end.kind === 'not-started') return { kind: 'wrong', why: `it could not be started (${end.why})` };
  if (end.kind === 'too-long') return { kind: 'wrong', why: `it did not answer within ${LIMIT_MS / 1000} seconds` };
  const replies = end.stdout.split('\n').map(readReply);
  const tools = replies.find((reply) => reply?.id === 2)?.tools;
  if (tools !== undefined) return { kind: 'answers', tools };
  const said = replies.find((reply) => reply?.error !== undefined)?.error ?? end.stderr.trim();
  return { kind: 'wrong', why: said === '' ? 'it ended without an answer' : plainText(said, 400) };
}

interface Reply {
  readonly id: unknown;
  readonly tools: number | undefined;
  readonly error: string | undefined;
}

function readReply(line: string): Reply | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null || !('id' in value)) return undefined;
  const tools = 'result' in value ? fieldOf(value.result, 'tools') : undefined;
  const message = 'error' in value ? fieldOf(value.error, 'message') : undefined;
  return { id: value.id, tools: Array.isArray(tools) ? tools.length : undefined, error: typeof message === 'string' ? message : undefined };
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Object.getOwnPropertyDescriptor(value, name)?.value : undefined;
}
