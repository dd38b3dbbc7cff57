import type { Subject } from 'rxjs';
import type { StatusReport } from '../../control/status-report.js';
import type { EventOrder, ProcessSignal, Trigger } from '../../domain/alarm/alarm.js';
import type { CycleEvent } from '../../domain/cycle/cycle-event.js';
import type { Circuits } from '../../state/breakers.js';
import type { Pauses } from '../../state/pauses.js';
import type { StateKeeper } from '../../state/state-store.js';
import type { Holds } from '../../streams/suppressed-alarms.js';
import type { Log } from '../../telemetry/log/log.js';
import type { Metrics } from '../../telemetry/metrics/metrics.js';
import type { Observers } from '../shared/observer-list.js';
import type { DataSource } from '../table/data-source.js';
import type { ProcessNames } from '../table/process-names.js';

/** What the administrator's requests are carried out with. */
export interface ControlParts {
  readonly log: Log;
  readonly source: () => DataSource;
  readonly circuits: Circuits;
  readonly pauses: Pauses;
  readonly keeper: StateKeeper;
  readonly holds: Holds;
  readonly names: ProcessNames;
  readonly order: EventOrder;
  readonly observers: Observers;
  readonly metrics: Pick<Metrics, 'render' | 'contentType'>;
  /** Takes the way of every alarm. */
  readonly requests: Subject<ProcessSignal>;
  /** What happens to a process besides its cycles. */
  readonly happenings: Subject<CycleEvent>;
  readonly rereads: Subject<Trigger>;
  readonly reportStatus: () => Promise<StatusReport>;
}
