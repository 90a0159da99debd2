// Numbers only, and no imports: bundlers then write the numbers where they are used.

/** How many items of one batch run at once unless `concurrency` says otherwise. */
export const DEFAULT_CONCURRENCY = 16;

/** Time to send the answers before Lambda ends the function. */
export const DEFAULT_TIMEOUT_MARGIN_MS = 50;

/** Lambda's longest timeout: what is left when neither Lambda nor the router says how long that is. */
export const MAX_TIMEOUT_MS = 900_000;

/** How much of an offending value an error shows. */
export const MAX_SHOWN_CHARACTERS = 64;
