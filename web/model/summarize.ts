import type { Activity, Snapshot } from './contract.js';
import type { Told } from './mark.js';
import { count } from './words.js';

/** The whole state in one line: what somebody who has one second should read. */
export function summarize({ counts, alarms, table, stream, database, service }: Snapshot): Told {
  if (service.isStopping) return { mark: 'warn', text: 'The service is stopping.' };
  if (!table.isKnown || table.problem !== undefined)
    return { mark: 'bad', text: 'The table cannot be read: alarms are not seen.' };
  if (database && !database.mayWrite)
    return { mark: 'warn', text: 'The database takes no writes: alarms are not cleared.' };
  if (counts.alarms === 0) {
    if (stream.state === 'streaming') return { mark: 'ok', text: 'All quiet. No alarm is raised.' };
    return { mark: 'warn', text: 'No alarm is raised. The table is polled: alarms are seen later.' };
  }
  const parts = summarizeAlarms(alarms.map(({ activity }) => activity));
  const isCut = counts.alarms > alarms.length;
  const text = `${count(counts.alarms, 'alarm is', 'alarms are')} raised${isCut || parts.length === 0 ? '' : `: ${parts.join(', ')}`}.`;
  const isBad = alarms.some(({ activity: { kind } }) => BAD.has(kind));
  return { mark: isBad ? 'bad' : 'warn', text };
}

const BAD: ReadonlySet<Activity['kind']> = new Set(['breaker-open', 'failed', 'refused']);

/** `2 at work, 1 waiting, 1 paused`. */
function summarizeAlarms(activities: readonly Activity[]): string[] {
  const counts = new Map<string, number>();
  for (const activity of activities) {
    const word = wordOf(activity);
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return ORDER.flatMap((word) => {
    const n = counts.get(word);
    return n === undefined ? [] : [`${n} ${word}`];
  });
}

const ORDER = [
  'at work',
  'waiting',
  'with an open breaker',
  'failed',
  'refused',
  'paused',
  'handled',
  'left alone',
];

function wordOf(activity: Activity): string {
  switch (activity.kind) {
    case 'cycle':
      return activity.step === 'waiting' || activity.step === 'pausing' ? 'waiting' : 'at work';
    case 'pending':
      return 'waiting';
    case 'breaker-open':
      return 'with an open breaker';
    case 'failed':
    case 'refused':
    case 'paused':
      return activity.kind;
    case 'answered':
      return 'handled';
    case 'excluded':
      return 'left alone';
  }
}
