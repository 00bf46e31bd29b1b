import type { Outcome } from './rounds.ts';

const WIDTH = 58;
const NUMBERS = ['runs', 'refreshes', 'works', 'spent and said so', 'lost silently'] as const;

export const TITLES = ['scenario'.padEnd(WIDTH), ...NUMBERS].join('  ');

export function row({ scenario, runs, refreshes, fates }: Outcome): string {
  const numbers = [runs, refreshes, fates.works, fates['spent and said so'], fates['lost silently']];
  return [scenario.padEnd(WIDTH), ...numbers.map((number, index) => String(number).padStart(NUMBERS[index]?.length ?? 0))].join('  ');
}
