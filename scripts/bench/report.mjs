/** bench/results.md, and the sentences of the README that quote it. */
import { readFile, writeFile } from 'node:fs/promises';
import { cpus, loadavg, release, totalmem } from 'node:os';
import path from 'node:path';
import process from 'node:process';

import { format, resolveConfig } from 'prettier';

import { said } from './row.mjs';

/** The line in results.md and in the README after which the sentences stand, up to the line after them. */
const QUOTED = ['<!-- speed -->', '<!-- /speed -->'];

/** One line of a table for a terminal. */
export function inOneLine({ what, unit, value, low, high, budget, met, detail }) {
  const number = value === undefined ? '' : `${said(unit, value)} (${said(unit, low)} to ${said(unit, high)})`;
  return `${met.padEnd(12)} ${what.padEnd(64)} ${number.padEnd(28)} ${budget.padEnd(18)} ${detail}`.trimEnd();
}

/** The whole of results.md. */
export function resultsPage({ rows, charts, quick, pairs, nodeVersion, date, notes }) {
  const sections = [...new Set(rows.map(({ section }) => section))];
  const missed = rows.filter(({ met }) => met === 'not met');
  const cannot = rows.filter(({ met }) => met === 'not measured');
  const judged = rows.filter(({ met }) => met === 'met').length;
  return [
    '# What the bench measured',
    '',
    `${quick ? 'A quick run (`npm run bench -- --quick --write`): fewer pairs and smaller sizes; the lines say which.' : '`npm run bench`.'} ${date}, Node ${nodeVersion}, ${process.platform} ${release()}, ${cpus().length} x ${cpus()[0]?.model ?? 'unknown processor'}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB; load average at the end ${loadavg()[0].toFixed(1)}.`,
    '',
    `Ratios are the median of ${pairs} pairs that ran in turn, with the quartiles behind it; a process counts from its start to its end. NODE_EXTRA_CA_CERTS is unset on both sides. The first line says what the machine adds by itself.`,
    '',
    `Of ${judged + missed.length} budgets ${judged} are met and ${missed.length} are not; ${cannot.length} could not be measured.`,
    '',
    QUOTED[0],
    '',
    ...quotedLines(rows, quick),
    '',
    QUOTED[1],
    '',
    ...sections.flatMap((section) => [`## ${section}`, '', ...table(rows.filter((each) => each.section === section)), '']),
    ...(missed.length === 0
      ? []
      : ['## Where the time goes, where a budget is not met', '', ...missed.map((each) => `- ${each.what}: ${why(each, { rows, notes })}`), '']),
    ...(charts.length === 0 ? [] : ['## Growth', '', ...charts.map(({ file, title }) => `![${title}](${file})`), '']),
  ].join('\n');
}

function table(rows) {
  const lines = rows.map(({ what, unit, value, low, high, budget, met, detail }) => {
    const number = value === undefined ? '-' : said(unit, value);
    const spread = value === undefined || low === high ? '-' : `${said(unit, low)} to ${said(unit, high)}`;
    return [what, budget || '-', number, spread, met || '-', detail || '-'];
  });
  const all = [['what', 'budget', 'measured', 'quartiles', '', 'detail'], ...lines].map((cells) => cells.map((cell) => cell.replaceAll('|', '\\|')));
  const widths = all[0].map((_, column) => Math.max(3, ...all.map((cells) => cells[column].length)));
  const line = (cells) => `| ${cells.map((cell, column) => cell.padEnd(widths[column])).join(' | ')} |`;
  return [line(all[0]), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...all.slice(1).map(line)];
}

/** Where the time goes, with the lines of this run that are a floor. */
function why(missed, { rows, notes }) {
  const note = notes.find(({ what }) => missed.what === what) ?? notes.find(({ what }) => missed.what.startsWith(what));
  const told = missed.unit === '' ? '' : `${said(missed.unit, missed.value)}, ${missed.budget}. `;
  if (missed.unit === 'MB') return `${told}${note?.memory ?? 'Not looked into yet.'}`;
  if (note?.text === undefined || !['x', 'share', 's'].includes(missed.unit)) return `${told}Not looked into yet.`;
  const floors = note.floors.flatMap((start) => rows.filter(({ what, value }) => what.startsWith(start) && value !== undefined).slice(0, 1));
  const listed = floors.map(({ what, unit, value }) => `${what.replace('floor: ', '')} ${said(unit, value)}`).join('; ');
  return `${told}${note.text}${listed === '' ? '' : ` Of that alone: ${listed}.`}`;
}

/** The sentences that the README quotes: of lines that are there in every run. */
function quotedLines(rows, quick) {
  const figure = (what) => {
    const found = rows.find((each) => each.what.startsWith(what) && each.value !== undefined);
    return found === undefined ? 'not measured' : said(found.unit, found.value);
  };
  return [
    ...(quick ? ['From a quick run with few pairs, which says little where other programs are at work.'] : []),
    `Against bare Node (1.00), start to end: \`--version\` ${figure('--version, by its file')}, \`--help\` ${figure('--help')},`,
    `\`auth token\` from a variable ${figure('auth token, key in a variable')} and from the encrypted file ${figure('auth token, from the encrypted file')},`,
    `\`auth status\` ${figure('auth status --json')}, \`whoami\` with its request ${figure('whoami, over http')}.`,
  ];
}

/** What stands between the two marks in a text; undefined where they are not there. */
function quotedIn(text) {
  const [before, after] = QUOTED.map((mark) => text.indexOf(mark));
  return before < 0 || after < before ? undefined : text.slice(before + QUOTED[0].length, after);
}

/** Writes results.md, and what the README quotes of it where the README has the marks. */
export async function writeResults(root, page) {
  const file = path.join(root, 'bench/results.md');
  const config = await resolveConfig(file);
  const formatted = await format(page, { ...config, parser: 'markdown' });
  await writeFile(file, formatted);
  const readme = path.join(root, 'README.md');
  const text = await readFile(readme, 'utf8');
  const [was, is] = [quotedIn(text), quotedIn(formatted)];
  if (was === undefined || is === undefined) return 'README.md has no place for the figures.';
  await writeFile(
    readme,
    text.replace(`${QUOTED[0]}${was}`, () => `${QUOTED[0]}${is}`),
  );
  return undefined;
}
