import { isSameProcess, type ProcessIdentity } from '../processes/process-info.js';
import type { ProgramStart } from './start-plan.js';

/**
 * Of the instances that were seen, those to remember: only root's, if one of them is (R29). An instance that root started and
 * that has given it up since stays as it was remembered. Pure.
 */
export function ownStarts(
  seen: readonly ProgramStart[],
  remembered: readonly ProgramStart[],
): readonly ProgramStart[] {
  const users = seen.flatMap((start) =>
    start.seenAs === undefined ? [] : [{ ...start.seenAs, isOfRoot: isOfRoot(start) }],
  );
  if (!isRoots(users, remembered)) return seen;
  return seen.flatMap((start) =>
    isOfRoot(start)
      ? [start]
      : remembered.filter((before) => isOfRoot(before) && isProcessOf(before, start.seenAs)),
  );
}

/**
 * Whether of processes of root and of other users only root's are the daemon. They are, but for one case: the daemon of another
 * user that was known before still runs, and root's was not there when it was last looked. That may be a command for the daemon,
 * which ends; if it is still there at the next look, it is root's. Pure.
 */
export function isRoots(
  processes: readonly (ProcessIdentity & { readonly isOfRoot: boolean })[],
  remembered: readonly ProgramStart[],
): boolean {
  const [ofRoot, others] = [true, false].map((is) => processes.filter((process) => process.isOfRoot === is));
  if (!ofRoot?.length || !others?.length) return false;
  const isKnown = (process: ProcessIdentity, asRoots: boolean): boolean =>
    remembered.some((start) => isOfRoot(start) === asRoots && isProcessOf(start, process));
  return (
    ofRoot.some((process) => isKnown(process, true)) || !others.some((process) => isKnown(process, false))
  );
}

export function isOfRoot({ credentials }: ProgramStart): boolean {
  return credentials?.uid === 0;
}

function isProcessOf({ seenAs }: ProgramStart, process: ProcessIdentity | undefined): boolean {
  return seenAs !== undefined && process !== undefined && isSameProcess(seenAs, process);
}
