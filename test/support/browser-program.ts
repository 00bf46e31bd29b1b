/**
 * What `BROWSER` names in tests. Usage: program allow|deny ADDRESS, or program hand-over|tell FILE ADDRESS.
 * `allow` and `deny` go through the pages like a person; `hand-over` only writes the address into the file;
 * `tell` writes what this process was given and then allows.
 */
import { renameSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { signInAs } from './person.ts';

const words = process.argv.slice(2);
const [wish, file = ''] = words;
const address = words.at(-1) ?? '';

/** Readers poll for the file, so it must be whole when it has its name. */
function write(text: string): void {
  writeFileSync(`${file}.new`, text);
  renameSync(`${file}.new`, file);
}

async function browse(): Promise<void> {
  if (wish === 'hand-over') return write(address);
  if (wish === 'tell') write(JSON.stringify({ argv: process.argv, env: process.env }));
  await signInAs(address, { decision: wish === 'deny' ? 'deny' : 'allow', deliver: true });
}

browse().catch((thrown: unknown) => {
  process.stderr.write(`${String(thrown)}\n`);
  process.exitCode = 1;
});
