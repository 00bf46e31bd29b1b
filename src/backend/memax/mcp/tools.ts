import { isStringArray, type JsonObject } from '../../json.ts';
import type { Caller } from '../caller.ts';
import type { Memories } from '../memories.ts';

/** What a tool gives. `isError` means that the tool ran and failed, which the model is told in words (MCP, "Error Handling" of tools). */
export interface ToolResult {
  readonly content: ReadonlyArray<{ readonly type: 'text'; readonly text: string }>;
  readonly structuredContent?: JsonObject;
  readonly isError?: true;
}

interface Tool {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: JsonObject;
  /** What the caller must be allowed to. */
  readonly needs: string;
  readonly run: (given: JsonObject, caller: Caller) => ToolResult;
}

/** The tools over a person's memories. */
export function toolsOf(memories: Memories): readonly Tool[] {
  return [
    {
      name: 'list_memories',
      description: 'Lists what was kept, newest first.',
      inputSchema: { type: 'object', properties: {}, additionalProperties: false },
      needs: 'memory:read',
      run: (_given, { user }) => {
        const kept = memories.list(user.id).map(({ id, title, content }) => ({ id, title, content }));
        return { content: [{ type: 'text', text: JSON.stringify(kept) }], structuredContent: { memories: kept } };
      },
    },
    {
      name: 'add_memory',
      description: 'Keeps a text.',
      inputSchema: {
        type: 'object',
        properties: { content: { type: 'string' }, title: { type: 'string' }, tags: { type: 'array', items: { type: 'string' } } },
        required: ['content'],
        additionalProperties: false,
      },
      needs: 'memory:write',
      run: ({ content, title, tags }, { user }) => {
        if (typeof content !== 'string' || content === '' || content.includes('\0')) return failed('content must be a text.');
        const { id } = memories.add(user.id, { content, title: typeof title === 'string' ? title : '', tags: isStringArray(tags) ? tags : [] });
        return { content: [{ type: 'text', text: `Kept as ${id}.` }], structuredContent: { id } };
      },
    },
    {
      name: 'delete_memory',
      description: 'Deletes what was kept, by its id.',
      inputSchema: {
        type: 'object',
        properties: { id: { type: 'string', 'x-mcp-header': 'Memory-Id' } },
        required: ['id'],
        additionalProperties: false,
      },
      needs: 'memory:delete',
      run: ({ id }, { user }) => {
        if (typeof id !== 'string' || memories.delete(user.id, id) === 'not-found') return failed('There is no such memory.');
        return { content: [{ type: 'text', text: `Deleted ${id}.` }] };
      },
    },
  ];
}

function failed(text: string): ToolResult {
  return { content: [{ type: 'text', text }], isError: true };
}
