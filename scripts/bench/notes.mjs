/** What the time is spent on, where a budget is not met: found by measuring, each with what was tried. `what` is how the line or its section begins. */
export const NOTES = [];
