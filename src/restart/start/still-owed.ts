import { isSameProcess } from '../processes/process-info.js';
import type { ProgramStart } from './start-plan.js';

/**
 * The instances that a restart has stopped and that do not run again; never more than are missing in `running`. One
 * that runs counts for the stopped one that is the same process, else for one that was started in the same way, else
 * for any.
 */
export function stillOwed(
  stopped: readonly ProgramStart[],
  running: readonly ProgramStart[],
): readonly ProgramStart[] {
  const missing = stopped.length - running.length;
  if (missing <= 0) return [];
  const left = [...stopped];
  for (const program of running) {
    const found = left.findIndex((before) => isProcessOf(before, program));
    const alike = found < 0 ? left.findIndex((before) => isStartedAs(before, program)) : found;
    if (alike >= 0) left.splice(alike, 1);
  }
  return left.slice(0, missing);
}

function isProcessOf({ seenAs: one }: ProgramStart, { seenAs: other }: ProgramStart): boolean {
  return one !== undefined && other !== undefined && isSameProcess(one, other);
}

function isStartedAs(one: ProgramStart, other: ProgramStart): boolean {
  const key = ({ file, argv0, args, cwd, credentials }: ProgramStart): string =>
    JSON.stringify([file, argv0, args, cwd, credentials?.uid]);
  return key(one) === key(other);
}
