const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Whole minutes, hours or days, in the largest unit of which there is one. */
function words(span: number, whole: (units: number) => number): string {
  if (whole(span / MINUTE) < 60) return `${whole(span / MINUTE)}m`;
  return whole(span / HOUR) < 24 ? `${whole(span / HOUR)}h` : `${whole(span / DAY)}d`;
}

/**
 * How far `time` (RFC 3339) is from `now` (Unix milliseconds), in the largest fitting unit: `3d ago`, `in 2h`, `now`; `-` for null.
 * What is to come is given to the nearest unit, so that what was just made for 90 days ends `in 90d`; what is past is rounded down, so
 * that `90d ago` is at least so long ago. What is over is never `in` some time.
 */
export function relativeTime(time: string | null, now: number): string {
  if (time === null) return '-';
  const distance = Date.parse(time) - now;
  const span = Math.abs(distance);
  if (span < MINUTE) return 'now';
  return distance < 0 ? `${words(span, Math.floor)} ago` : `in ${words(span, Math.round)}`;
}

/** RFC 3339 in UTC of Unix milliseconds. */
export function rfc3339(time: number): string {
  return new Date(time).toISOString();
}
