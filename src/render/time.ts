const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How far `time` (RFC 3339) is from `now` (Unix milliseconds), in the largest fitting unit: `3d ago`, `in 2h`, `now`; `-` for null. */
export function relativeTime(time: string | null, now: number): string {
  if (time === null) return '-';
  const distance = Date.parse(time) - now;
  const span = Math.abs(distance);
  if (span < MINUTE) return 'now';
  const words = span < HOUR ? `${Math.floor(span / MINUTE)}m` : span < DAY ? `${Math.floor(span / HOUR)}h` : `${Math.floor(span / DAY)}d`;
  return distance < 0 ? `${words} ago` : `in ${words}`;
}

/** RFC 3339 in UTC of Unix milliseconds. */
export function rfc3339(time: number): string {
  return new Date(time).toISOString();
}
