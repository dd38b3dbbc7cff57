import type { CycleEvent, CycleEventData } from '../../../src/domain/cycle/cycle-event.js';

/** A cycle event of the process `nginx`, process_id 7. */
export function cycleEvent(happening: CycleEventData, processId = 7): CycleEvent {
  return { processId, processName: 'nginx', at: 0, ...happening };
}
