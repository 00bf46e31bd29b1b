import { existsSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { type Browser, chromium, type Page } from 'playwright-core';

/** Starts the system's Chromium without a window. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: onPath('chromium'), headless: true, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
}

function onPath(program: string): string {
  const folders = (process.env['PATH'] ?? '').split(path.delimiter);
  return folders.map((folder) => path.join(folder, program)).find((file) => existsSync(file)) ?? program;
}

/** What an expression gives in the page, which must be a list of texts. Works where the page may run no script. */
export async function textsIn(page: Page, expression: string): Promise<readonly string[]> {
  const found: unknown = await page.evaluate(expression);
  if (!Array.isArray(found) || !found.every((each): each is string => typeof each === 'string')) throw new Error(`no list of texts: ${expression}`);
  return found;
}
