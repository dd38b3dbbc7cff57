import type { Route } from '../../control/route.js';
import type { ControlParts } from './control-parts.js';
import { createMetricsRoute } from './metrics-route.js';
import { createPauseRoute } from './pause-route.js';
import { createResetRoute } from './reset-route.js';
import { createRestartRoute } from './restart-route.js';
import { createResumeRoute } from './resume-route.js';
import { createStatusRoute } from './status-route.js';

/** Everything that can be asked for on the control socket. */
export function createControlRoutes(parts: ControlParts): readonly Route[] {
  return [
    createStatusRoute(parts),
    createMetricsRoute(parts),
    createResetRoute(parts),
    createPauseRoute(parts),
    createResumeRoute(parts),
    createRestartRoute(parts),
  ];
}
