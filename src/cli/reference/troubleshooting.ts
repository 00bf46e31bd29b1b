import { FAILURES } from '../../model/failure.ts';
import { FAILURE_CODES } from '../exit-codes.ts';
import { FAILURE_REMEDIES, type Remedy } from './failure-remedies.ts';
import { FINDING_REMEDIES } from './finding-remedies.ts';

const HEAD = `# Troubleshooting

Every failure has a code: \`error[signed-out]: ...\` on stderr, or \`error.code\` with \`--json\`. Find its section below. Two commands help
with most of them: \`keywright doctor\` looks at this machine, and \`keywright whoami --explain\` tells which credential and which address
are used, and why. This page is generated: \`npm run reference\`.`;

const section = (code: string, facts: string, { means, remedies }: Remedy): string =>
  [`### ${code}`, facts, means, remedies.map((remedy) => `- ${remedy}`).join('\n')].join('\n\n');

/** The page of all codes: a section for each failure and for each finding of `doctor`. */
export function troubleshooting(): string {
  const failures = FAILURE_CODES.map((code) => {
    const { exit, title, retry } = FAILURES[code];
    return section(code, `_${title}._ Exit code ${exit}${retry ? '; trying the same again can help' : ''}.`, FAILURE_REMEDIES[code]);
  });
  const findings = Object.entries(FINDING_REMEDIES).map(([code, remedy]) =>
    section(code, remedy.worst === 'problem' ? 'A problem at worst: `doctor` then ends with 9.' : 'A warning at worst: `doctor` still ends with 0.', remedy),
  );
  return `${[HEAD, '## Failures', ...failures, '## Findings of doctor', ...findings].join('\n\n')}\n`;
}
