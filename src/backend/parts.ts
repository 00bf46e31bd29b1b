import { createRequire } from 'node:module';

import { Failure } from '../model/failure.ts';

/** A package that nothing but the local backend needs. They are optional, so an installation may be without them. */
interface Part {
  readonly name: string;
  /** Throws where it is not there, or is of no use on this machine. */
  readonly find: () => unknown;
}

const PARTS: readonly Part[] = [
  // It has a binary for each system; only loading it tells whether there is one for this system.
  { name: 'libsql', find: () => import('libsql') },
  // Loading it takes half a second, which is left to the first sign-in.
  { name: 'oidc-provider', find: () => createRequire(import.meta.url).resolve('oidc-provider/lib/provider.js') },
];

/** Makes sure that the backend's packages are installed; `not-found` names those that are not, and says how to install them. */
export async function findParts(): Promise<void> {
  const missing: string[] = [];
  let cause: unknown;
  for (const { name, find } of PARTS) {
    try {
      await find();
    } catch (thrown) {
      missing.push(name);
      cause ??= thrown;
    }
  }
  if (missing.length === 0) return;
  throw new Failure('not-found', {
    detail: `The local backend needs packages that are not installed or do not fit this machine: ${missing.join(', ')}.`,
    hint: 'Install keywright again with its optional packages, where it was installed: npm install --include=optional keywright (or with --global).',
    cause,
  });
}
