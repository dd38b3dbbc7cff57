import { describeError, MonitorError } from '../../domain/errors.js';
import { type Finding, faultFinding } from '../../domain/finding.js';

/** What went wrong while we looked, with its own remedy. */
export function judgeError(subject: string, error: unknown): Finding {
  if (error instanceof MonitorError) return faultFinding(subject, error.message, error.remedy);
  return faultFinding(subject, describeError(error));
}
