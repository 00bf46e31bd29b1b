/** What the bench finds, line by line. A line that could not be measured says why; none is left out in silence. */

/**
 * One line: what was measured, in which unit (`x` is a ratio to the base of its section), between which quartiles, and what was allowed.
 * `most` and `least` are budgets; a line with neither is there to compare with.
 */
export function row(section, what, unit, measured, { most, least, budget, detail = '' } = {}) {
  const { value, low = value, high = value } = typeof measured === 'number' ? { value: measured } : measured;
  return { section, what, unit, value, low, high, most, least, budget: budget ?? limitText(unit, most, least), detail, met: verdict(value, unit, most, least) };
}

/** A line without a number, and why it has none. */
export function cannot(section, what, why, budget = '') {
  return { section, what, unit: '', value: undefined, budget, detail: why, met: 'not measured' };
}

/** The line of pairs against a base: the ratio, with both times. */
export function ratioRow(section, what, paired, limits = {}) {
  const times = `${paired.oursMs.toFixed(1)} ms against ${paired.baseMs.toFixed(1)} ms; best/best ${paired.best.toFixed(2)}, processor ${paired.cpu.toFixed(2)}; ${paired.rssMb.value.toFixed(1)} MB`;
  return row(section, what, 'x', paired.ratio, { ...limits, detail: limits.detail === undefined ? times : `${times}; ${limits.detail}` });
}

const DIGITS = { x: 2, MB: 1, ms: 1, share: 2, s: 2, count: 0 };

/** A number of a line as it is printed. */
export function said(unit, value) {
  const digits = value.toFixed(DIGITS[unit] ?? 2);
  if (unit === 'x') return digits;
  if (unit === 'share') return `${(value * 100).toFixed(0)} %`;
  return unit === 'count' ? digits : `${digits} ${unit}`;
}

function limitText(unit, most, least) {
  if (most !== undefined) return `at most ${said(unit, most)}`;
  return least === undefined ? '' : `at least ${said(unit, least)}`;
}

/** Judged by the digits that are printed, so that nobody reads `1.10, at most 1.10, not met`. */
function verdict(value, unit, most, least) {
  if (most === undefined && least === undefined) return '';
  const shown = Number(value.toFixed(unit === 'share' ? 2 : (DIGITS[unit] ?? 2)));
  return (most === undefined || shown <= most) && (least === undefined || shown >= least) ? 'met' : 'not met';
}
