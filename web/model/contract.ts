import type { CycleStepName } from '../../src/control/status-report.js';
import type { CycleVerdict } from '../../src/domain/cycle/cycle-record.js';
import type { Pause } from '../../src/domain/cycle/pause.js';
import type { AlarmReply } from '../../src/web/contract/alarms.js';
import type { Snapshot } from '../../src/web/contract/live.js';
import type { Charts, HistoryEntry, HistoryPage } from '../../src/web/contract/past.js';
import type {
  Activity,
  ProcessDetail,
  ProcessPage,
  ProcessRow,
  StripCycle,
} from '../../src/web/contract/processes.js';
import type { SessionReply } from '../../src/web/contract/session.js';

/** The shapes of what the service tells. Its schemas are the truth; here they get the names that the page calls them by. */
export type {
  Activity,
  Charts,
  HistoryEntry,
  HistoryPage,
  Pause,
  ProcessDetail,
  ProcessPage,
  ProcessRow,
  Snapshot,
  StripCycle,
};
export type Session = SessionReply;
export type Step = CycleStepName;
export type Verdict = CycleVerdict;
export type Breaker = NonNullable<ProcessRow['breaker']>;
export type Flapping = NonNullable<Breaker['flapping']>;
export type Outcome = NonNullable<ProcessRow['lastOutcome']>;
export type Maintenance = Snapshot['maintenance'][number];
export type ProcessEvent = ProcessDetail['events'][number];
export type AlarmChange = AlarmReply['processes'][number];

/** A server-sent event. */
export type LiveEvent =
  | { readonly type: 'snapshot'; readonly snapshot: Snapshot }
  | { readonly type: 'change'; readonly change: Partial<Snapshot> }
  | { readonly type: 'rows'; readonly rows: readonly ProcessRow[]; readonly isCut: boolean }
  | { readonly type: 'cycles'; readonly entries: readonly HistoryEntry[]; readonly isCut: boolean };
