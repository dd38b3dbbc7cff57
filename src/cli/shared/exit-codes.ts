/** `run`: ended at once, by a second signal. */
export const EXIT_FORCED = 1;
/** What was asked for was found to be impossible, or not as it should be, was refused or has failed. */
export const EXIT_FAILURE = 1;
/** The service is not running; status commands of LSB say it so. */
export const EXIT_NOT_RUNNING = 3;
/** Wrong arguments: EX_USAGE of sysexits. */
export const EXIT_USAGE = 64;
/** What is needed cannot be had, such as the database: EX_UNAVAILABLE of sysexits. */
export const EXIT_UNAVAILABLE = 69;
/** `run`: another service runs with this state file (R32): EX_TEMPFAIL of sysexits. */
export const EXIT_ALREADY_RUNNING = 75;
/** Not for this user: EX_NOPERM of sysexits. */
export const EXIT_NO_PERMISSION = 77;
/** The configuration is invalid: EX_CONFIG of sysexits; the unit does not start again on it (R23). */
export const EXIT_CONFIG = 78;
/** Ended by Ctrl-C, as shells tell it. */
export const EXIT_INTERRUPTED = 130;
