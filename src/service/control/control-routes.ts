import type { ReloadReply } from '../../control/replies.js';
import {
  PAUSE_REQUEST,
  parseRequest,
  parseStatusQuery,
  RESET_REQUEST,
  RESTART_REQUEST,
  RESUME_REQUEST,
  TEST_NOTIFICATION_REQUEST,
} from '../../control/requests.js';
import type { HttpRequest, Reply, Route } from '../../lib/http/route.js';
import type { Metrics } from '../../telemetry/metrics/metrics.js';
import type { AdminActions } from '../admin/admin-actions.js';
import type { Notifications } from '../notify/notifications.js';
import type { ReportStatus } from '../status/status-reporter.js';

interface ControlRoutesOptions {
  readonly admin: AdminActions;
  readonly metrics: Pick<Metrics, 'render' | 'contentType'>;
  readonly reportStatus: ReportStatus;
  readonly reload: () => Promise<ReloadReply>;
  readonly notifications: Pick<Notifications, 'test'>;
}

/** All routes of the control socket. Each route parses the request, calls one action and replies. */
export function createControlRoutes({
  admin,
  metrics,
  reportStatus,
  reload,
  notifications,
}: ControlRoutesOptions): readonly Route[] {
  return [
    get('/status', async ({ query }) => json(await reportStatus(parseStatusQuery(query)))),
    get('/metrics', async () => ({
      kind: 'text',
      text: await metrics.render(),
      contentType: metrics.contentType,
    })),
    post('/reload', async () => json(await reload())),
    post('/reset', async (body) => json(await admin.reset(parseRequest(RESET_REQUEST, body)))),
    post('/pause', async (body) => json(await admin.pause(parseRequest(PAUSE_REQUEST, body)))),
    post('/resume', async (body) => json(await admin.resume(parseRequest(RESUME_REQUEST, body)))),
    post('/restart', async (body) => ({
      kind: 'lines',
      lines: await admin.restart(parseRequest(RESTART_REQUEST, body)),
    })),
    post('/test-notification', async (body) => ({
      kind: 'lines',
      lines: notifications.test(parseRequest(TEST_NOTIFICATION_REQUEST, body).by),
    })),
  ];
}

function get(path: string, answer: (request: HttpRequest) => Promise<Reply>): Route {
  return { method: 'GET', path, answer: (_body, request) => answer(request) };
}

function post(path: string, answer: (body: unknown) => Promise<Reply>): Route {
  return { method: 'POST', path, answer };
}

function json(value: unknown): Reply {
  return { kind: 'json', value };
}
