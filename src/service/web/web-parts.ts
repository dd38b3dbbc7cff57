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

/** The parts of the service that the page shows, and those by which it changes something. */
export interface WebParts {
  readonly settings: LiveConfig;
  readonly log: Log;
  readonly observers: ObserverList;
  readonly admin: AdminActions;
  readonly reportStatus: () => Promise<StatusReport>;
  readonly database: LiveDatabase;
  readonly alarms: AlarmPipeline;
  readonly table: TableState;
  readonly state: PersistentState;
  readonly status: StatusCollector;
  readonly history: Pick<History, 'records'>;
}
