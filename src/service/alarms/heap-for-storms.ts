import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';
import type { RestartSlots } from '../../operators/restart-slots.js';
import type { ServiceObserver } from '../shared/observer-list.js';

/** It is a storm while so many cycles wait for a slot. */
const MANY_WAITING = 32;
/** How large the space of new objects may become, in bytes. */
const MAX_NEW_SPACE = 8 * 1024 * 1024;
/** The size is looked at once in so many events. */
const LOOK_EVERY = 16;

/**
 * Lets V8 give new objects more space in a storm, see `keepHeapSmall`: the more of them have ended when it is full, the less
 * is copied. V8 takes the space back when the storm is over.
 */
export function growHeapInStorms(slots: Pick<RestartSlots, 'waiting'>): ServiceObserver {
  let mayGrow = false;
  let events = 0;
  return {
    onEvent() {
      events += 1;
      if (events % LOOK_EVERY !== 0) return;
      const wants = slots.waiting >= MANY_WAITING && newSpaceSize() < MAX_NEW_SPACE;
      if (wants === mayGrow) return;
      mayGrow = wants;
      setFlagsFromString(`--semi-space-growth-factor=${wants ? 2 : 1}`);
    },
  };
}

function newSpaceSize(): number {
  return getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space')?.space_size ?? 0;
}
