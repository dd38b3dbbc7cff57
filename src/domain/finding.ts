import { describeError, MonitorError } from './errors.js';

/**
 * `fault`: something that the service needs is missing. `warning`: it works, but not as well as it could, or not for
 * every process.
 */
export type FindingLevel = 'ok' | 'warning' | 'fault';

/** The result of one check, for a person. Holds no secret (R24). */
export interface Finding {
  readonly level: FindingLevel;
  /** The subject, in a word or two. */
  readonly subject: string;
  readonly message: string;
  /** The command or setting that helps, ready to paste. */
  readonly remedy?: string;
}

export interface FindingSection {
  readonly heading: string;
  readonly findings: readonly Finding[];
}

export function okFinding(subject: string, message: string): Finding {
  return { level: 'ok', subject, message };
}

export function warningFinding(subject: string, message: string, remedy?: string): Finding {
  return { level: 'warning', subject, message, ...(remedy === undefined ? {} : { remedy }) };
}

export function faultFinding(subject: string, message: string, remedy?: string): Finding {
  return { level: 'fault', subject, message, ...(remedy === undefined ? {} : { remedy }) };
}

/** How many findings there are of each level. */
export function countFindings(sections: readonly FindingSection[]): Readonly<Record<FindingLevel, number>> {
  const counts = { ok: 0, warning: 0, fault: 0 };
  for (const { findings } of sections) for (const { level } of findings) counts[level] += 1;
  return counts;
}

/** An error during a check, with its own remedy. */
export function judgeError(subject: string, error: unknown): Finding {
  if (error instanceof MonitorError) return faultFinding(subject, error.message, error.remedy);
  return faultFinding(subject, describeError(error));
}
