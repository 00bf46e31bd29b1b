/** How much is measured. The budgets hold for the full sizes. */

export const FULL = {
  /** More than the 25 that the budgets ask for: on a busy machine so few say 0.05 too much or too little. */
  pairs: 75,
  /** Pairs of what takes seconds. */
  few: 7,
  /** Pairs of a whole list. */
  wholeLists: 15,
  lists: [1_000, 30_000, 100_000],
  revokes: [1_000, 3_000, 10_000],
  processes: [10, 25, 50],
  mask: { megabytes: 1_000, rounds: 5, all: true },
  verified: [1_000, 10_000, 100_000],
  /** Requests that make one measurement. */
  verifyBatch: 100,
};

export const QUICK = {
  pairs: 4,
  few: 2,
  wholeLists: 2,
  lists: [1_000, 3_000, 6_000],
  revokes: [100, 300, 1_000],
  processes: [2, 3, 5],
  mask: { megabytes: 100, rounds: 1, all: true },
  verified: [1_000, 10_000, 100_000],
  verifyBatch: 50,
};
