/** Two programs in turn, so that other load on the machine meets both alike; what counts is the ratio within each pair. */

/** The value that so large a share of the numbers is below. */
function quantile(numbers, share) {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

export function median(numbers) {
  return quantile(numbers, 0.5);
}

/** Middle and both quartiles of some numbers. */
export function spreadOf(numbers) {
  return { value: median(numbers), low: quantile(numbers, 0.25), high: quantile(numbers, 0.75) };
}

/** The first three runs of a command also keep compiled code; see the launcher. */
const WARM_UPS = 4;

/**
 * Measures `ours` against `base`, each a function that gives `{ ms, rssMb }`, in so many pairs after some runs to warm up. The first of
 * a pair is the other one each time.
 */
export async function pairs(count, base, ours) {
  await base();
  for (let run = 0; run < WARM_UPS; run += 1) await ours();
  const measured = [];
  for (let round = 0; round < count; round += 1) {
    const first = round % 2 === 0 ? await base() : await ours();
    const second = round % 2 === 0 ? await ours() : await base();
    measured.push(round % 2 === 0 ? { base: first, ours: second } : { base: second, ours: first });
  }
  const all = (side, name) => measured.map((pair) => pair[side][name]);
  return {
    ratio: spreadOf(measured.map((pair) => pair.ours.ms / pair.base.ms)),
    best: Math.min(...all('ours', 'ms')) / Math.min(...all('base', 'ms')),
    cpu: median(measured.map((pair) => pair.ours.cpuMs / pair.base.cpuMs)),
    baseMs: median(all('base', 'ms')),
    oursMs: median(all('ours', 'ms')),
    rssMb: spreadOf(all('ours', 'rssMb')),
    rssOver: spreadOf(measured.map((pair) => pair.ours.rssMb - pair.base.rssMb)),
  };
}
