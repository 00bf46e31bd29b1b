import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { lookUp } from '../../src/cli/command-table.ts';
import { beforeDashes } from '../../src/cli/dashes.ts';

const FOLDER = fileURLToPath(new URL('../../schema/', import.meta.url));

/** What a program may rely on: RFC 3339 in UTC. */
const DATE_TIME = /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?Z$/;

const ajv = new Ajv2020({
  allErrors: true,
  strict: true,
  strictRequired: true,
  // A variant says its type in each of its branches.
  strictTypes: false,
  formats: { 'date-time': (text: string) => DATE_TIME.test(text) && !Number.isNaN(Date.parse(text)) },
});

export type Schema = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The schemas of outputs, by their names: all files of the folder but the schema of definition files. */
export function outputSchemas(): ReadonlyMap<string, Schema> {
  const names = readdirSync(FOLDER).filter((file) => file !== 'provider.json');
  return new Map(names.map((file) => [file.replace(/\.json$/, ''), schemaOf(file.replace(/\.json$/, ''))]));
}

/** As they were read first: what is one and the same object is compiled once only, which takes a hundred times as long as to check a value by it. */
const READ = new Map<string, Schema>();

function schemaOf(name: string): Schema {
  const known = READ.get(name);
  if (known !== undefined) return known;
  const schema: unknown = JSON.parse(readFileSync(`${FOLDER}${name}.json`, 'utf8'));
  if (!isObject(schema)) throw new Error(`schema/${name}.json is no object`);
  READ.set(name, schema);
  return schema;
}

export function validatorOf(schema: Schema): ValidateFunction {
  return ajv.compile(schema);
}

/** What is wrong with a value; nothing where it fits. */
function mistakesOf(name: string, schema: Schema, value: unknown): string | undefined {
  const validate = validatorOf(schema);
  if (validate(value)) return undefined;
  const errors = (validate.errors ?? []).map(({ instancePath, message, params }) => `${instancePath} ${message ?? ''} ${JSON.stringify(params)}`);
  return `what was printed does not fit schema/${name}.json:\n${errors.slice(0, 12).join('\n')}\n${JSON.stringify(value).slice(0, 2_000)}`;
}

function readOne(text: string): { readonly kind: 'json'; readonly value: unknown } | { readonly kind: 'none' } {
  try {
    return { kind: 'json', value: JSON.parse(text) };
  } catch {
    return { kind: 'none' };
  }
}

/** One value, or several where a command prints one after the other; undefined where it is no JSON. */
function valuesIn(stdout: string): readonly unknown[] | undefined {
  const whole = readOne(stdout);
  if (whole.kind === 'json') return [whole.value];
  const lines = stdout.split(/\n(?=[{[])/).map(readOne);
  return lines.flatMap((line) => (line.kind === 'json' ? [line.value] : [])).length === lines.length
    ? lines.flatMap((line) => (line.kind === 'json' ? [line.value] : []))
    : undefined;
}

/** A value that a command printed, and the name of the schema that it has to fit. */
export interface Printed {
  readonly name: string;
  readonly schema: Schema;
  readonly value: unknown;
}

/** Said on stderr of a list that broke off. */
const BROKEN_OFF = 'What was printed is not the whole result.';

/** What a program that `run` or `mcp` started printed is not ours. */
const HANDS_THROUGH: ReadonlySet<string> = new Set(['run', 'mcp']);

/** What a line of `--jsonl` has to fit: a schema of its own, or the elements of the array. */
function lineSchema(name: string): { readonly name: string; readonly schema: Schema } {
  const own = `${name}-line`;
  if (existsSync(`${FOLDER}${own}.json`)) return { name: own, schema: schemaOf(own) };
  const { items } = schemaOf(name);
  if (!isObject(items)) throw new Error(`schema/${name}.json says nothing of its elements`);
  return { name, schema: items };
}

/**
 * The values that a command line printed as JSON, with `--json` or `--jsonl`, each with its schema. Throws where it should have printed
 * JSON and did not, and where no schema is there for it.
 */
export function printedJson(words: readonly string[], { stdout, stderr }: { readonly stdout: string; readonly stderr: string }): readonly Printed[] {
  const own = beforeDashes(words);
  const form = own.includes('--json') ? 'json' : own.includes('--jsonl') ? 'jsonl' : undefined;
  if (form === undefined || own.includes('--help') || own.includes('-h') || stdout === '' || stderr.includes(BROKEN_OFF)) return [];
  const found = lookUp(words);
  const name = found.kind === 'command' ? found.listing.path.join('-') : 'error';
  const values = valuesIn(stdout);
  if (values === undefined) {
    if (HANDS_THROUGH.has(name)) return [];
    throw new Error(`no JSON was printed: ${stdout.slice(0, 300)}`);
  }
  const success = form === 'jsonl' ? lineSchema : (command: string) => ({ name: command, schema: schemaOf(command) });
  return values.flatMap((value) => {
    const failed = isObject(value) && 'error' in value && Object.keys(value).length === 1;
    if (!failed && HANDS_THROUGH.has(name)) return [];
    return [{ value, ...(failed ? { name: 'error', schema: schemaOf('error') } : success(name)) }];
  });
}

/** Throws where a command line printed JSON that does not fit the schema of its command, or in failure that of errors. */
export function checkPrintedJson(words: readonly string[], result: { readonly stdout: string; readonly stderr: string }): void {
  for (const { name, schema, value } of printedJson(words, result)) {
    const mistakes = mistakesOf(name, schema, value);
    if (mistakes !== undefined) throw new Error(`keywright ${words.join(' ')}: ${mistakes}`);
  }
}
