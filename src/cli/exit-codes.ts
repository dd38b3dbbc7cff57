/** Ended at once, by a second signal. */
export const EXIT_FORCED = 1;
/** What was asked for was found to be impossible, or not as it should be. */
export const EXIT_FAULT = 1;
/** Wrong arguments: EX_USAGE of sysexits. */
export const EXIT_USAGE = 64;
/** The configuration is invalid: EX_CONFIG of sysexits; the unit does not start again on it (R23). */
export const EXIT_CONFIG = 78;
