import { describe, expect, it } from 'vitest';
import { unifiedDiff } from '../../../src/render/diff.ts';

const diff = (before: string | undefined, after: string): string => unifiedDiff('f', before, after, (line) => line);

describe('a diff', () => {
  it('shows what changes and none of the lines around it', () => {
    expect(diff('a\nb\nc\nd\ne\n', 'a\nB\nc\nd\nx\ne\n')).toBe('--- f\n+++ f\n@@ -2,1 +2,1 @@\n-b\n+B\n@@ -4,0 +5,1 @@\n+x\n');
  });

  it('of a new file takes every line, of an equal one none', () => {
    expect(diff(undefined, 'a\nb\n')).toBe('--- /dev/null\n+++ f\n@@ -0,0 +1,2 @@\n+a\n+b\n');
    expect(diff('a\n', 'a\n')).toBe('');
  });

  it('gives every shown line through the one who may hide a part of it', () => {
    expect(unifiedDiff('f', 'key\n', 'other\n', () => '*')).toBe('--- f\n+++ f\n@@ -1,1 +1,1 @@\n-*\n+*\n');
  });

  it('counts lines as the patch program does', () => {
    expect(diff('a\nb\nc\n', 'a\nc\n')).toBe('--- f\n+++ f\n@@ -2,1 +1,0 @@\n-b\n');
  });
});
