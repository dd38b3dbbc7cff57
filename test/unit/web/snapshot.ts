import type { Snapshot } from '../../../web/model/contract.js';

/** Of a service that is well and has nothing to do. */
export function snapshotOf(more: Partial<Snapshot>): Snapshot {
  return {
    at: 0,
    access: 'user',
    service: { version: '1.0.0', startedAt: 0, isStopping: false },
    stream: { state: 'streaming', since: 0, pollingEveryMs: 5000 },
    table: { isKnown: true },
    counts: { alarms: 0, cycles: 0, breakers: 0, pauses: 0 },
    alarms: [],
    breakers: [],
    pauses: [],
    maintenance: [],
    hanging: [],
    totals: { verified: 0, healthy: 0, failed: 0, restarts: 0 },
    ...more,
  };
}
