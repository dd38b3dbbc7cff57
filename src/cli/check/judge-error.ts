import { describeError, MonitorError } from '../../domain/errors.js';
import { type Finding, fault } from '../../domain/finding.js';

/** What went wrong while we looked, with its own remedy. */
export function judgeError(subject: string, error: unknown): Finding {
  if (error instanceof MonitorError) return fault(subject, error.message, error.remedy);
  return fault(subject, describeError(error));
}
