import type { RequestListener } from 'node:http';
import { merge } from 'rxjs';
import type { WebConfig } from '../../config/config.js';
import { describeError } from '../../domain/errors.js';
import { Gate } from '../../web/access/gate.js';
import { Sessions } from '../../web/access/sessions.js';
import { assetRoutes } from '../../web/assets.js';
import { LiveHub } from '../../web/live/live-hub.js';
import { Login } from '../../web/login/login.js';
import { createSessionRoutes } from '../../web/login/session-routes.js';
import { createWebApp } from '../../web/web-app.js';
import { VERSION } from '../shared/version.js';
import { changeAlarms } from './change-alarms.js';
import { ChangeCollector } from './change-collector.js';
import { ListedProcesses } from './listed-processes.js';
import { createLoginLog } from './login-log.js';
import { PastCycles } from './past-cycles.js';
import { ProcessRows } from './process-rows.js';
import { RecentEvents } from './recent-events.js';
import type { WebParts } from './web-parts.js';
import { createChangingRoutes, createReadingRoutes } from './web-routes.js';

/** All that the page needs while it is on, whatever its address. */
export interface RunningPage {
  /** Answers the requests of a server with these settings. */
  answer(config: WebConfig): RequestListener;
  /** Ends the sessions of users who are gone or have another password. */
  keepUsers(users: ReadonlyMap<string, string>): void;
  /** Tells the open pages that the service stops, and ends everything. */
  close(): void;
}

/** Connects the parts of the page with those of the service. */
export function openRunningPage(parts: WebParts): RunningPage {
  const { settings, log, observers, admin, reportStatus } = parts;
  const { database, alarms, table, state, status, history } = parts.shown;
  const past = new PastCycles({ settings, history, log });
  const rows = new ProcessRows({ settings, alarms, table, state, status, past });
  const list = new ListedProcesses({ settings, database, table, state, status });
  const events = new RecentEvents();
  const sessions = new Sessions();
  const live = new ChangeCollector({
    ...{ reportStatus, rows },
    nameOf: (processId) => table.names.nameOf(processId),
    onChange: () => hub.onChange(),
  });
  const hub = new LiveHub({
    source: live,
    isAlive: (session) => sessions.isAlive(session),
    onWatched: (isWatched) => live.watch(isWatched),
    onFailure: (error) =>
      log.error(
        'monitor_service',
        `internal error of the page, the service goes on: ${describeError(error)}`,
      ),
  });
  const login = new Login({
    ...{ sessions, log: createLoginLog(log) },
    users: () => settings.current.web.users,
  });
  const routes = [
    ...createReadingRoutes({ settings, hub, list, rows, past, events }),
    ...createChangingRoutes(admin, async (what, request, by) => {
      const reply = await changeAlarms(what, request, by, { settings, database, log });
      list.expire();
      return reply;
    }),
  ];
  const assets = assetRoutes();
  if (assets.length === 0)
    log.warn('monitor_service', 'the files of the page are missing: install the service again');

  const leave = [observers.add(live), observers.add(events)];
  const changes = merge(state.pauses.changed, state.pauses.ended).subscribe(() => live.onReload());
  const records = history.records.subscribe((record) => live.onRecord(record));
  const raised = table.changed.subscribe((processId) => live.onAlarmChange(processId));
  return {
    answer(config) {
      const gate = new Gate(config, sessions);
      const session = createSessionRoutes({
        ...{ gate, login, sessions, version: VERSION },
        canLogIn: () => settings.current.web.users.size > 0,
      });
      return createWebApp({ gate, assets, routes: [...session, ...routes], version: VERSION });
    },
    keepUsers(users) {
      for (const user of sessions.keepOnly(users))
        log.info(
          'monitor_service',
          `${user} is logged out of the web page: the user is gone or has another password`,
        );
    },
    close() {
      for (const end of leave) end();
      changes.unsubscribe();
      records.unsubscribe();
      raised.unsubscribe();
      hub.close();
      past.close();
      list.close();
    },
  };
}
