import { readdirSync, readFileSync } from 'node:fs';

/** When the token of a record ends: Unix milliseconds, Infinity where it does not, NaN where that cannot be told. */
function endOf(path: string): number {
  const record: unknown = JSON.parse(readFileSync(path, 'utf8'));
  const end = typeof record === 'object' && record !== null && 'expires_at' in record ? record.expires_at : undefined;
  return end === null ? Infinity : typeof end === 'string' ? Date.parse(end) : Number.NaN;
}

/** Whether all tokens that the account records in a folder tell of are good after `time`, as far as these know; Unix milliseconds. False where any record is odd. */
export function allEndAfter(dir: string, time: number): boolean {
  try {
    return readdirSync(dir).every((name) => endOf(`${dir}/${name}`) > time);
  } catch {
    return false;
  }
}
