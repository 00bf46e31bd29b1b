import { examine } from '../flows/doctor/doctor.ts';
import type { Finding } from '../flows/doctor/finding.ts';
import type { Deps } from '../model/deps.ts';
import { Failure } from '../model/failure.ts';
import { wrapped } from '../model/wrap.ts';
import { providerById } from '../providers/registry.ts';
import { plainText } from '../render/plain-text.ts';
import { listing } from '../render/listing.ts';
import type { Column } from '../render/table.ts';
import { command, type Invocation, type OptionsOf, type Screen } from './command.ts';

const flags = {
  offline: { about: 'Ask no server' },
} as const;

/** Longest line that a finding takes; paths are long. */
const LONGEST = 1000;

async function run({ options, choice }: Invocation<OptionsOf<typeof flags>, object>, deps: Deps): Promise<readonly Finding[]> {
  const named = choice.provider === undefined ? undefined : (await providerById(choice.provider, deps)).id;
  return examine(named, options.offline ? 'offline' : 'online', deps);
}

const columns: ReadonlyArray<Column<Finding>> = [
  { title: 'LEVEL', cell: (each) => each.level },
  { title: 'CODE', cell: (each) => each.code },
  { title: 'WHAT', cell: (each) => each.what, longest: LONGEST },
  { title: 'FIX', cell: (each) => each.fix ?? '', longest: LONGEST },
];

/** Columns before the sentences of a finding, and how many those need beside them to be read well. */
const BESIDE = 29;
const SENTENCE = 40;

/** A sentence is read better in lines of its own than in a column: beside the code, or below it where the window is narrow. */
function forPerson({ level, code, what, fix }: Finding, width: number): string {
  const head = `${level.padEnd(9)}${code.padEnd(20)}`;
  const said = [plainText(what, LONGEST), ...(fix === null ? [] : [`fix: ${plainText(fix, LONGEST)}`])];
  const below = width < BESIDE + SENTENCE;
  const indent = below ? 2 : BESIDE;
  const lines = said.flatMap((sentence) => wrapped(sentence, width - indent)).map((line) => `${' '.repeat(indent)}${line}`);
  return (below ? [head.trimEnd(), ...lines] : [`${head}${(lines[0] ?? '').trimStart()}`, ...lines.slice(1)]).map((line) => `${line}\n`).join('');
}

function text(findings: readonly Finding[], screen: Screen): string {
  return screen.terminal ? findings.map((finding) => forPerson(finding, screen.columns?.() ?? Infinity)).join('') : listing(columns, findings, screen);
}

function verdict(findings: readonly Finding[]): Failure | undefined {
  const problems = findings.filter(({ level }) => level === 'problem');
  if (problems.length === 0) return undefined;
  const many = problems.length === 1 ? '1 problem was' : `${problems.length} problems were`;
  return new Failure('partly-done', {
    detail: `${many} found: ${[...new Set(problems.map(({ code }) => code))].join(', ')}.`,
    hint: 'Each finding says how to put it right.',
    data: { findings },
  });
}

/** `doctor`: looks at what commands rely on, and says how to put right what is wrong. Warnings alone are success. */
export const doctor = command({
  path: ['doctor'],
  group: 'Tools',
  summary: 'Look for what is wrong on this machine, and say how to put it right',
  args: [],
  flags,
  examples: [
    ['keywright doctor', 'everything'],
    ['keywright doctor --offline --json', 'without asking a server, for a program'],
  ],
  failures: { 'partly-done': 'At least one finding is a problem; with warnings alone the exit code is 0' },
  run,
  text,
  elements: (findings) => findings,
  verdict,
});
