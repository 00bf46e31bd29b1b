import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { format, resolveConfig } from 'prettier';
import { beforeAll, describe, expect, it } from 'vitest';

import { COMMANDS } from '../../src/cli/command-table.ts';
import { FAILURE_REMEDIES } from '../../src/cli/reference/failure-remedies.ts';
import { FINDING_REMEDIES } from '../../src/cli/reference/finding-remedies.ts';
import { referencePages } from '../../src/cli/reference/pages.ts';
import { FAILURES } from '../../src/model/failure.ts';
import { ROOT } from '../support/cli.ts';

const DOCS = path.join(ROOT, 'docs');
const kept = (file: string): string => readFileSync(path.join(DOCS, file), 'utf8');

let made: Readonly<Record<string, string>> = {};

beforeAll(async () => {
  made = Object.fromEntries(
    await Promise.all(
      (await referencePages()).map(async ({ file, text }) => {
        const config = await resolveConfig(path.join(DOCS, file));
        return [file, await format(text, { ...config, parser: 'markdown' })] as const;
      }),
    ),
  );
});

describe('docs/reference/ and docs/troubleshooting.md', () => {
  it('are what npm run reference makes now, and nothing else', () => {
    const files = [...readdirSync(path.join(DOCS, 'reference')).map((name) => `reference/${name}`), 'troubleshooting.md'];
    expect(Object.fromEntries(files.map((file) => [file, kept(file)]))).toEqual(made);
  });

  it('have a page for each command, and the index leads to each', () => {
    const pages = COMMANDS.map((listing) => `${listing.path.join('-')}.md`);
    expect(pages.filter((page) => made[`reference/${page}`] === undefined || !made['reference/README.md']?.includes(`](${page})`))).toEqual([]);
  });

  it('link only to sections that are there', () => {
    const sections = [...kept('troubleshooting.md').matchAll(/^#+ (.+)$/gm)].map(([, title]) => (title ?? '').toLowerCase().replaceAll(' ', '-'));
    const wanted = Object.values(made).flatMap((text) => [...text.matchAll(/\]\((?:\.\.\/troubleshooting\.md)?#([^)]+)\)/g)].map(([, target]) => target ?? ''));
    expect(wanted.length).toBeGreaterThan(0);
    expect(wanted.filter((target) => !sections.includes(target))).toEqual([]);
  });
});

describe('docs/troubleshooting.md', () => {
  it('has one section for each failure and each finding of doctor, and none of an unknown code', () => {
    // The codes of findings are a type alone, so they are read where it is written.
    const source = readFileSync(path.join(ROOT, 'src/flows/doctor/finding.ts'), 'utf8');
    const findings = [...(/type FindingCode =([^;]*);/.exec(source)?.[1] ?? '').matchAll(/'([a-z-]+)'/g)].map(([, code]) => code ?? '');
    expect(findings.length).toBeGreaterThan(10);
    const sections = [...kept('troubleshooting.md').matchAll(/^### (.+)$/gm)].map(([, code]) => code);
    expect(sections).toEqual([...Object.keys(FAILURES), ...findings]);
  });

  it('says of each what it means and what to do, in words of its own', () => {
    const remedies = [...Object.values(FAILURE_REMEDIES), ...Object.values(FINDING_REMEDIES)];
    expect(remedies.filter(({ means, remedies: all }) => means.length < 40 || all.length === 0)).toEqual([]);
    const sentences = remedies.flatMap(({ means, remedies: all }) => [means, ...all]);
    expect(sentences.filter((text, index) => sentences.indexOf(text) !== index)).toEqual([]);
    expect(sentences.filter((text) => !text.endsWith('.'))).toEqual([]);
  });

  it('names only commands and flags that there are', async () => {
    const commands = await Promise.all(COMMANDS.map((listing) => listing.load()));
    const named = [...kept('troubleshooting.md').matchAll(/`keywright ([^`]+)`/g)].map(([, words]) => (words ?? '').split(' '));
    expect(named.length).toBeGreaterThan(20);
    const wrong = named.filter((words) => {
      if (['help', '<command>', '--version'].includes(words[0] ?? '')) return false;
      const command = commands.findLast((each) => each.path.every((word, index) => words[index] === word));
      const flags = words
        .filter((word) => word.startsWith('--'))
        .map((word) => word.slice(2).replace(/-([a-z])/g, (_all, letter: string) => letter.toUpperCase()));
      return (
        command === undefined || flags.some((flag) => command.flags[flag] === undefined && !['provider', 'account', 'json', 'debug', 'help'].includes(flag))
      );
    });
    expect(wrong.map((words) => words.join(' '))).toEqual([]);
  });
});
