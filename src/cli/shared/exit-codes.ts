/** `run`: ended at once by a second signal. */
export const EXIT_FORCED = 1;
/** `run`: the state file gives no answer (R33). The unit starts again. */
export const EXIT_NO_STATE = 1;
/** The request failed, was refused or is impossible, or a check found a fault. */
export const EXIT_FAILURE = 1;
/** The service is not running, as in the status commands of LSB. */
export const EXIT_NOT_RUNNING = 3;
/** Wrong arguments: EX_USAGE of sysexits. */
export const EXIT_USAGE = 64;
/** Something needed, such as the database, is not available: EX_UNAVAILABLE of sysexits. */
export const EXIT_UNAVAILABLE = 69;
/** `run`: another service uses this state file (R32). EX_TEMPFAIL of sysexits. */
export const EXIT_ALREADY_RUNNING = 75;
/** This user may not do it: EX_NOPERM of sysexits. */
export const EXIT_NO_PERMISSION = 77;
/** The configuration is invalid (R23): EX_CONFIG of sysexits. The unit does not start again. */
export const EXIT_CONFIG = 78;
/** Ended by Ctrl-C, as shells report it. */
export const EXIT_INTERRUPTED = 130;
