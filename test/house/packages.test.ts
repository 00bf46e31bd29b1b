import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

interface Locked {
  readonly dev?: true;
  readonly deprecated?: string;
  readonly hasInstallScript?: true;
}

const { packages }: { readonly packages: Readonly<Record<string, Locked>> } = JSON.parse(readFileSync(path.join(ROOT, 'package-lock.json'), 'utf8'));
const manifest: { readonly allowScripts: Readonly<Record<string, boolean>>; readonly scripts: Readonly<Record<string, string>> } = JSON.parse(
  readFileSync(path.join(ROOT, 'package.json'), 'utf8'),
);

/** What a person gets who installs keywright, with the packages of the local backend. */
const INSTALLED = Object.entries(packages).filter(([place, { dev }]) => place !== '' && dev !== true);

describe('the packages that are installed with keywright', () => {
  it('are few, and none of them is deprecated', () => {
    expect(INSTALLED.length).toBeGreaterThan(2);
    expect(INSTALLED.length).toBeLessThan(70);
    expect(INSTALLED.filter(([, { deprecated }]) => deprecated !== undefined).map(([place]) => place)).toEqual([]);
  });

  it('run no script but that of the keychain, which is not needed and not allowed here', () => {
    expect(INSTALLED.filter(([, { hasInstallScript }]) => hasInstallScript === true).map(([place]) => place)).toEqual(['node_modules/keytar']);
    expect(manifest.allowScripts['@github/keytar']).toBe(false);
  });

  it('come with a program that was built just before it was packed', () => {
    expect(manifest.scripts['prepack']).toBe('node scripts/build.mjs --clean');
  });
});
