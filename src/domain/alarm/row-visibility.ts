/*
 * A row change can come through the binlog before a SELECT sees it (R3), so that a reading soon after it may still show
 * the row as it was before. How long a reading is doubted depends on what it costs to be wrong.
 */

/**
 * For this long after an alarm was lowered, an alarm that a reading finds raised may still be the same one, ms. If it
 * were longer, an alarm that was raised again in the meantime would be taken for the handled one.
 */
export const LOWERED_VISIBLE_AFTER_MS = 100;

/**
 * For this long after an alarm was reported, a reading that lacks it does not prove it gone, ms. If it were longer,
 * status and metrics would go on showing an alarm whose lowering the binlog does not show.
 */
export const RAISED_VISIBLE_AFTER_MS = 2000;

/**
 * For this long after a process was verified, a reading that lacks its alarm does not prove it cleared, ms. If it were
 * shorter, a service that is killed before the clear could restart a healthy process again (R11). A longer time costs a
 * health check. It survives a restart of the service, so it is measured by the clock of the host, which may also be
 * set.
 */
export const VERIFIED_VISIBLE_AFTER_MS = 5000;

/**
 * For this long after PROCESE may have changed, a look-up may still find the old name, or the old host, of a process, ms.
 * If it were longer, an alarm that comes with the change would wait for it.
 */
export const NAME_VISIBLE_AFTER_MS = 100;
