import type { Route } from '../../control/route.js';
import type { ControlParts } from './control-parts.js';

/** What is counted, in the text format of Prometheus. */
export function createMetricsRoute({ metrics }: ControlParts): Route {
  return {
    method: 'GET',
    path: '/metrics',
    answer: async () => ({ kind: 'text', text: await metrics.render(), contentType: metrics.contentType }),
  };
}
