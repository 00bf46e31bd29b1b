/** RFC 3339 in UTC; null stays null. */
export function time(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}
