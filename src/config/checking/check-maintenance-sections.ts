import { formatDuration } from '../../domain/duration.js';
import { nearestName } from '../../domain/nearest-name.js';
import { shortestPeriod } from '../../lib/cron-schedule.js';
import { namesOrAll, readDuration } from '../keys/schedule-keys.js';
import { type ConfigIssue, quoteValue } from '../reading/config-error.js';
import { isDefault } from './check-process-sections.js';
import { entryOf, type Section } from './check-sections.js';

/** The rules of `[maintenance.NAME]` that concern more than one key. */
export function checkMaintenanceSections(sections: readonly Section[]): ConfigIssue[] {
  const known = sections.flatMap((section) =>
    section.processName === undefined || isDefault(section) ? [] : [section.processName],
  );
  return sections
    .filter(({ kind }) => kind === 'maintenance')
    .flatMap((section) => [...checkMissing(section), ...checkPeriod(section), ...checkNames(section, known)]);
}

const NEEDED = {
  schedule: 'when it begins, such as 0 2 * * sun',
  duration: 'how long it lasts, such as 2h',
};

function checkMissing({ label, line, entries }: Section): ConfigIssue[] {
  return Object.entries(NEEDED)
    .filter(([needed]) => !entries.some(({ key }) => key === needed))
    .map(([key, allowed]) => ({ line, key: `${label}.${key}`, problem: `is missing, allowed: ${allowed}` }));
}

/** A maintenance that still runs when its next occurrence begins would never end. */
function checkPeriod(section: Section): ConfigIssue[] {
  const schedule = entryOf(section, 'schedule');
  const duration = entryOf(section, 'duration');
  if (!schedule?.text || !duration?.text) return [];
  const durationMs = readDuration(duration.text);
  const periodMs = shortestPeriod(schedule.text);
  if (durationMs === undefined || periodMs === undefined || durationMs < periodMs) return [];
  const problem = `"${duration.text}" does not end before the next begins (schedule, line ${schedule.line}), allowed: less than ${formatDuration(periodMs)}`;
  return [{ line: duration.line, key: `${section.label}.duration`, problem }];
}

const NAMES = 'names with a section [process.NAME], separated by commas, or all';

/** A misspelt name would be restarted in the middle of its maintenance. */
function checkNames(section: Section, known: readonly string[]): ConfigIssue[] {
  const entry = entryOf(section, 'processes');
  if (entry?.text === undefined) return [];
  const key = `${section.label}.processes`;
  if (/^[\s,]*$/.test(entry.text)) {
    return [{ line: entry.line, key, problem: `is empty, allowed: ${NAMES}` }];
  }
  const unknown = namesOrAll(entry.text).filter((name) => !known.includes(name));
  return unknown.map((name) => {
    const nearest = nearestName(name, known);
    const hint = nearest === undefined ? '' : `, did you mean ${quoteValue(nearest)}?`;
    const problem = `${quoteValue(name)} has no section of its own${hint}, allowed: ${NAMES}`;
    return { line: entry.line, key, problem };
  });
}
