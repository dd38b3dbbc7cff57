import * as z from 'zod';
import { PAUSE_REPLY, RESET_REPLY, RESTART_LINE, RESUME_REPLY } from '../../control/replies.js';
import { PAUSE_BODY, RESET_BODY, RESTART_BODY, RESUME_BODY } from '../../control/requests.js';
import { ALARM_REPLY, ALARM_REQUEST, type AlarmReply, type AlarmRequest } from '../../web/contract/alarms.js';
import { CHARTS, HISTORY_PAGE, HISTORY_QUERY } from '../../web/contract/past.js';
import {
  PROCESS_DETAIL,
  PROCESS_PAGE,
  PROCESS_QUERY,
  PROCESSES_QUERY,
} from '../../web/contract/processes.js';
import type { LiveHub } from '../../web/live/live-hub.js';
import { change, follow, hold, read, type WebRoute } from '../../web/web-route.js';
import type { AdminActions } from '../admin/admin-actions.js';
import type { LiveConfig } from '../shared/live-config.js';
import type { ListedProcesses } from './listed-processes.js';
import type { PastCycles } from './past-cycles.js';
import { readProcessDetail } from './process-detail.js';
import { ProcessPages } from './process-page.js';
import type { ProcessRows } from './process-rows.js';
import type { RecentEvents } from './recent-events.js';

interface ReadingRoutesOptions {
  readonly settings: Pick<LiveConfig, 'current'>;
  readonly hub: LiveHub;
  readonly list: ListedProcesses;
  readonly rows: ProcessRows;
  readonly past: PastCycles;
  readonly events: RecentEvents;
}

/** The routes that only read. Each calls one thing. */
export function createReadingRoutes(options: ReadingRoutesOptions): readonly WebRoute[] {
  const { settings, hub, list, rows, past, events } = options;
  const pages = new ProcessPages({ list, rows, past });
  return [
    hold(
      '/api/live',
      {
        access: 'view',
        summary: 'what is and what changes, as server-sent events',
        contentType: 'text/event-stream',
      },
      (response, viewer) => hub.join(response, viewer),
    ),
    read(
      '/api/processes',
      { access: 'view', summary: 'processes', input: PROCESSES_QUERY, reply: PROCESS_PAGE },
      (query, { access }) => pages.read(query, access),
    ),
    read(
      '/api/process',
      { access: 'user', summary: 'one process', input: PROCESS_QUERY, reply: PROCESS_DETAIL },
      ({ id }) => readProcessDetail({ settings, list, rows, past, events }, id),
    ),
    read(
      '/api/history',
      { access: 'user', summary: 'past cycles', input: HISTORY_QUERY, reply: HISTORY_PAGE },
      (query) => past.page(query),
    ),
    read(
      '/api/charts',
      { access: 'view', summary: 'the last 24 hours', input: z.object({}), reply: CHARTS },
      () => past.charts(Date.now()),
    ),
  ];
}

/** Raises or clears alarms in the name of a user. */
type ChangeAlarms = (what: 'raise' | 'clear', request: AlarmRequest, by: string) => Promise<AlarmReply>;

/** The routes that change something. Those but the last two are also of the control socket. */
export function createChangingRoutes(admin: AdminActions, changeAlarms: ChangeAlarms): readonly WebRoute[] {
  return [
    follow(
      '/api/restart',
      { summary: 'restarts a process now', input: RESTART_BODY, reply: RESTART_LINE },
      (body, by) => admin.restart({ ...body, by }),
    ),
    change(
      '/api/pause',
      { summary: 'pauses a process, or all', input: PAUSE_BODY, reply: PAUSE_REPLY },
      (body, by) => admin.pause({ ...body, by }),
    ),
    change('/api/resume', { summary: 'ends pauses', input: RESUME_BODY, reply: RESUME_REPLY }, (body, by) =>
      admin.resume({ ...body, by }),
    ),
    change(
      '/api/reset',
      { summary: 'closes circuit breakers', input: RESET_BODY, reply: RESET_REPLY },
      (body, by) => admin.reset({ ...body, by }),
    ),
    change('/api/raise', { summary: 'raises alarms', input: ALARM_REQUEST, reply: ALARM_REPLY }, (body, by) =>
      changeAlarms('raise', body, by),
    ),
    change('/api/clear', { summary: 'clears alarms', input: ALARM_REQUEST, reply: ALARM_REPLY }, (body, by) =>
      changeAlarms('clear', body, by),
    ),
  ];
}
