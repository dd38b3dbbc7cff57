import type { CycleRecord, CycleVerdict } from '../../domain/cycle/cycle-record.js';
import { formatDuration } from '../../domain/duration.js';
import { formatLocalTime } from '../../domain/local-time.js';
import { type Cell, type Colour, formatTable, type Paint } from '../shared/terminal.js';

/** Formats the records as a table with a heading, in their order. */
export function formatHistory(records: readonly CycleRecord[], paint: Paint): readonly string[] {
  const heading: Cell[] = HEADING.map((text) => ({ text, colour: 'bold' }));
  return formatTable([heading, ...records.map(toCells)], paint);
}

const HEADING = [
  'seen',
  'process',
  'trigger',
  'verdict',
  'attempts',
  'strategy',
  'reaction',
  'duration',
  'details',
];

function toCells(record: CycleRecord): Cell[] {
  const { seenAt, processName, trigger, verdict, attempts, strategy, reactionMs, durationMs } = record;
  return [
    formatLocalTime(seenAt),
    processName,
    trigger,
    { text: verdict.replace('-', ' '), colour: COLOURS[verdict] },
    attempts === 0 ? '-' : String(attempts),
    strategy ?? '-',
    reactionMs === undefined ? '-' : formatMs(reactionMs),
    formatMs(durationMs),
    [record.unit, record.by && `by ${record.by}`, record.reason].filter(Boolean).join('; '),
  ];
}

const COLOURS: Readonly<Record<CycleVerdict, Colour>> = {
  restarted: 'green',
  healthy: 'green',
  failed: 'red',
  refused: 'red',
  'broken-off': 'red',
  'breaker-open': 'yellow',
  paused: 'yellow',
  withdrawn: 'dim',
  escalated: 'yellow',
};

/** Shows less than a second in ms, because most reactions are that fast. */
function formatMs(ms: number): string {
  return ms < 1000 ? `${ms} ms` : formatDuration(ms);
}
