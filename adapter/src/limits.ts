// Numbers only, and no imports: bundlers then write the numbers where they are used.

/** How many items of one batch run at once unless `concurrency` says otherwise. */
export const DEFAULT_CONCURRENCY = 16;

/** Time to send the answers before Lambda ends the function. */
export const DEFAULT_TIMEOUT_MARGIN_MS = 50;

/** Lambda's longest timeout: what is left when neither Lambda nor the router says how long that is. */
export const MAX_TIMEOUT_MS = 900_000;

/** How much of an offending value an error shows. */
export const MAX_SHOWN_CHARACTERS = 64;

/** How many `cause`s of an error are written down. */
export const MAX_LOGGED_CAUSES = 4;

/** JSON writes one UTF-16 unit as six bytes at most (`\u0000`). */
export const MAX_BYTES_PER_UNIT = 6;

/** Room for what an answer has beside its body, where that is estimated; HTTP clients refuse larger heads. */
export const MAX_HEAD_BYTES = 16_384;
