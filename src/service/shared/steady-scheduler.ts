import { asyncScheduler, type SchedulerLike } from 'rxjs';
import { msSinceBoot } from '../../lib/boot-clock.js';

/**
 * Schedules as `asyncScheduler` does, but its `now` is ms since the boot. The cycles compare times and measure waits by
 * it: a wall clock that is set meanwhile would make an old alarm new, or end a wait that has just begun.
 */
export const steadyScheduler: SchedulerLike = {
  now: msSinceBoot,
  schedule: asyncScheduler.schedule.bind(asyncScheduler),
};
