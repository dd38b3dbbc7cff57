import type { StatusReport } from '../../control/status-report.js';
import type { Log } from '../../telemetry/log/log.js';
import type { AdminActions } from '../admin/admin-actions.js';
import type { AlarmPipeline } from '../alarms/alarm-pipeline.js';
import type { LiveConfig } from '../shared/live-config.js';
import type { ObserverList } from '../shared/observer-list.js';
import type { History } from '../state/history.js';
import type { PersistentState } from '../state/persistent-state.js';
import type { StatusCollector } from '../status/status-collector.js';
import type { LiveDatabase } from '../table/live-database.js';
import type { TableState } from '../table/table-state.js';

/** What the page is given of the service. */
export interface WebParts {
  readonly settings: LiveConfig;
  readonly log: Log;
  /** Where it learns that something has changed. */
  readonly observers: ObserverList;
  /** By which it changes something. */
  readonly admin: AdminActions;
  readonly reportStatus: () => Promise<StatusReport>;
  readonly shown: ShownParts;
}

/** What it shows. */
interface ShownParts {
  readonly database: LiveDatabase;
  readonly alarms: AlarmPipeline;
  readonly table: TableState;
  readonly state: PersistentState;
  readonly status: StatusCollector;
  readonly history: Pick<History, 'records' | 'flush'>;
}
