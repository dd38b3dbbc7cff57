import type { Pause } from '../scene/daemon-keeper.js';

/** Ms between two times in which the service could not run, or could not hear of the table; `pauses` by their begin. */
export function pausedBetween(pauses: readonly Pause[], from: number, to: number): number {
  let paused = 0;
  let counted = from;
  for (const pause of pauses) {
    const begin = Math.max(pause.from, counted);
    const end = Math.min(pause.to, to);
    if (end <= begin) continue;
    paused += end - begin;
    counted = end;
  }
  return paused;
}

/** Whether there was a moment between the two in which the service did not run. */
export function endedBetween(pauses: readonly Pause[], from: number, to: number): boolean {
  return pauses.some(
    (pause) => (pause.what === 'killed' || pause.what === 'stopped') && pause.from <= to && pause.to >= from,
  );
}
