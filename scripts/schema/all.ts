import { toJsonSchema } from '@valibot/to-json-schema';
import type * as v from 'valibot';
import { definitionSchema } from '../../src/providers/definition-schema.ts';
import { LINES, OUTPUTS } from './outputs.ts';

/** What a reader of the file is told first. */
function titleOf(name: string): string {
  if (name === 'error') return 'What --json prints when a command of keywright fails';
  if (name.endsWith('-line')) return `A line of: keywright ${name.slice(0, -'-line'.length).replaceAll(/-(?=\w+$)/g, ' ')} --jsonl`;
  const [first = '', ...rest] = name.split('-');
  const grouped = ['auth', 'providers', 'store', 'completion', 'backend'].includes(first) && rest.length > 0;
  return `The result of: keywright ${grouped ? `${first} ${rest.join('-')}` : name} --json`;
}

function jsonSchema(title: string, schema: v.GenericSchema, typeMode: 'input' | 'output'): object {
  const { $schema, ...rest } = toJsonSchema(schema, { target: 'draft-2020-12', typeMode });
  return { $schema, title, ...rest };
}

/** The JSON Schemas in schema/, by the names of their files. */
export function allSchemas(): Readonly<Record<string, object>> {
  const outputs = Object.entries({ ...OUTPUTS, ...LINES }).map(([name, schema]) => [`${name}.json`, jsonSchema(titleOf(name), schema, 'output')]);
  return { ...Object.fromEntries(outputs), 'provider.json': jsonSchema('A provider for keywright', definitionSchema, 'input') };
}
