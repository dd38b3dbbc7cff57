import type { Route } from '../../control/route.js';
import type { ControlParts } from './control-parts.js';

/** What the service knows of itself. */
export function createStatusRoute({ reportStatus }: Pick<ControlParts, 'reportStatus'>): Route {
  return {
    method: 'GET',
    path: '/status',
    answer: async () => ({ kind: 'json', value: await reportStatus() }),
  };
}
