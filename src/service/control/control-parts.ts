import type { Subject } from 'rxjs';
import type { StatusReport } from '../../control/status-report.js';
import type { EventOrder, ProcessSignal, Trigger } from '../../domain/alarm.js';
import type { CycleEvent } from '../../domain/cycle-event.js';
import type { Circuits } from '../../state/circuits.js';
import type { Pauses } from '../../state/pauses.js';
import type { StateKeeper } from '../../state/state-keeper.js';
import type { Holds } from '../../streams/holds.js';
import type { Log } from '../../telemetry/log.js';
import type { Metrics } from '../../telemetry/metrics/metrics.js';
import type { DataSource } from '../data-source.js';
import type { Observers } from '../observers.js';
import type { ProcessNames } from '../process-names.js';

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
