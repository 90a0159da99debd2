/** Counted by a process of the bench, reported with its usage. */
export const tally = { invocations: 0, items: 0 };
