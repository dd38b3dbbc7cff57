import type { ProcessSettings } from './process-settings.js';

/** The processes that a verified restart of this one restarts as well (`restart_with`, R35). */
export function followersOf(
  processName: string,
  byName: ReadonlyMap<string, Pick<ProcessSettings, 'restartWith'>>,
): readonly string[] {
  return [...byName].flatMap(([follower, { restartWith = [] }]) =>
    restartWith.includes(processName) ? [follower] : [],
  );
}
