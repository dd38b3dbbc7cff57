import { formatLocalTime } from '../../domain/local-time.js';
import { type LockHolder, type LockOutcome, lockState } from '../../state/state-lock.js';
import { writeOut } from '../shared/output.js';

/**
 * How long a unit waits for the lock, in ms. systemd starts it again after exit code 75 (R32), so the journal gets
 * one line a minute and not one every 2 s.
 */
const UNIT_WAIT_MS = 58_000;

/**
 * Locks the state file, or says on stderr which service has it. A systemd unit waits a while for the lock; a person gets
 * the answer at once.
 */
export async function claimState(stateFile: string, isUnit: boolean): Promise<LockOutcome> {
  const first = await lockState(stateFile);
  if (first.kind === 'no-answer') {
    await writeOut(
      `${stateFile}: ${first.reason}; bring its mount back, or set state_file in [monitor] to another place\n`,
      process.stderr,
    );
  }
  if (first.kind !== 'taken') return first;
  await writeOut(`monitor_service already runs with ${stateFile}${describe(first.holder)}\n`, process.stderr);
  return isUnit ? lockState(stateFile, UNIT_WAIT_MS) : first;
}

function describe(holder: LockHolder | undefined): string {
  if (!holder) return '';
  return `: pid ${holder.pid}, since ${formatLocalTime(holder.startedAt)}`;
}
