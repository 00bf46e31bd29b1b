import { createHash } from 'node:crypto';

import { expect } from 'vitest';

import type { Answer } from './running.ts';

/** What every page of the backend keeps to: one heading, no scripts, nothing from elsewhere, and headers that hold browsers to it. */
export function checkPage({ status, headers, text }: Answer, expected: number): void {
  expect(status).toBe(expected);
  expect(text).toContain('<html lang="en">');
  expect(text.match(/<h1[ >]/g)).toHaveLength(1);
  expect(text.match(/<main[ >]/g)).toHaveLength(1);
  expect(text).toMatch(/<title>[^<]+<\/title>/);
  expect(text).not.toMatch(/<script|<img|<link|@import|url\(|src=|\son[a-z]+=/i);
  expect(text).toContain('prefers-color-scheme: dark');
  const policy = headers['content-security-policy'] ?? '';
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("frame-ancestors 'none'");
  const style = /<style>([\s\S]*?)<\/style>/.exec(text)?.[1] ?? '';
  expect(policy).toContain(`style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`);
  expect(headers['x-frame-options']).toBe('DENY');
  expect(headers['cache-control']).toBe('no-store');
  // A stricter policy would make browsers hide the origin of our own forms from us.
  expect(headers['referrer-policy']).toBe('same-origin');
}
