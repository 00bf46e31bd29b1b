import { examine } from '../flows/doctor/doctor.ts';
import type { Finding } from '../flows/doctor/finding.ts';
import type { Deps } from '../model/deps.ts';
import { Failure } from '../model/failure.ts';
import { providerById } from '../providers/registry.ts';
import { plainText } from '../render/plain-text.ts';
import { type Column, tabLines } from '../render/table.ts';
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

/** A sentence is read better on a line of its own than in a column. */
function forPerson({ level, code, what, fix }: Finding): string {
  const first = `${level.padEnd(9)}${code.padEnd(20)}${plainText(what, LONGEST)}\n`;
  return fix === null ? first : `${first}${' '.repeat(29)}fix: ${plainText(fix, LONGEST)}\n`;
}

function text(findings: readonly Finding[], { terminal }: Screen): string {
  return terminal ? findings.map(forPerson).join('') : tabLines(columns, findings);
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
