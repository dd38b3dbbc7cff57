/*
 * A row change can come through the binlog before a SELECT sees it (R3), so that a reading soon after it may still show
 * the row as it was before. How long a reading is doubted depends on what it costs to be wrong.
 */

/**
 * For this long after an alarm was lowered, one that a reading finds raised may still be the same alarm, ms. Longer, and
 * an alarm that was raised anew in the meantime would be taken for the one that was handled.
 */
export const LOWERED_VISIBLE_AFTER_MS = 100;

/**
 * For this long after an alarm was told of, a reading that lacks it does not prove it gone, ms. Longer, and status and
 * metrics would show an alarm that somebody lowered where the binlog does not show it.
 */
export const RAISED_VISIBLE_AFTER_MS = 2000;

/**
 * For this long after a process was verified, a reading that lacks its alarm does not prove it cleared, ms. Shorter, and
 * a service that is killed before the clear could restart a healthy process again (R11). Longer costs a health check.
 * By the clock of the host, since it survives a restart of the service: that clock may also be put back or forward.
 */
export const VERIFIED_VISIBLE_AFTER_MS = 5000;
