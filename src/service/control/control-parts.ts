import type { Subject } from 'rxjs';
import type { StatusReport } from '../../control/status-report.js';
import type { AlarmSignal, LogicalClock, Trigger } from '../../domain/alarm/alarm.js';
import type { CycleEvent } from '../../domain/cycle/cycle-event.js';
import type { Breakers } from '../../state/breakers.js';
import type { Pauses } from '../../state/pauses.js';
import type { StateStore } from '../../state/state-store.js';
import type { SuppressedAlarms } from '../../streams/suppressed-alarms.js';
import type { Log } from '../../telemetry/log/log.js';
import type { Metrics } from '../../telemetry/metrics/metrics.js';
import type { ObserverList } from '../shared/observer-list.js';
import type { DataSource } from '../table/data-source.js';
import type { ProcessNames } from '../table/process-names.js';

/** What the administrator's requests are carried out with. */
export interface ControlParts {
  readonly log: Log;
  readonly dataSource: () => DataSource;
  readonly breakers: Breakers;
  readonly pauses: Pauses;
  readonly store: StateStore;
  readonly holds: SuppressedAlarms;
  readonly names: ProcessNames;
  readonly order: LogicalClock;
  readonly observers: ObserverList;
  readonly metrics: Pick<Metrics, 'render' | 'contentType'>;
  /** Takes the way of every alarm. */
  readonly requests: Subject<AlarmSignal>;
  /** What happens to a process besides its cycles. */
  readonly outOfCycleEvents: Subject<CycleEvent>;
  readonly reconcileRequests: Subject<Trigger>;
  readonly reportStatus: () => Promise<StatusReport>;
}
