/** How much is measured. The budgets hold for the full sizes. */

export const FULL = { pairs: 25 };

export const QUICK = { pairs: 5 };
