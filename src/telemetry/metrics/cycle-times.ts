import type { Histogram, Registry } from 'prom-client';
import { type Alarm, isOnRequest } from '../../domain/alarm/alarm.js';
import type { CycleEvent } from '../../domain/cycle/cycle-event.js';
import { createHistogram } from './create-metric.js';

/** Measures the time from seeing an alarm to the start of its first attempt, and until the process is healthy again. */
export class CycleTimes {
  readonly #reactions: Histogram<'trigger'>;
  readonly #recoveries: Histogram<'trigger'>;
  readonly #alarms = new Map<number, Alarm>();

  constructor(registry: Registry) {
    this.#reactions = createHistogram(registry, 'monitor_service_reaction_seconds');
    this.#recoveries = createHistogram(registry, 'monitor_service_recovery_seconds');
  }

  onEvent(event: CycleEvent): void {
    const { processId } = event;
    if (event.type === 'detected') {
      // A restart on request and a resumed process were not waiting for us to see an alarm.
      const { trigger } = event.alarm;
      if (isOnRequest(event.alarm) || trigger === 'resume') this.#alarms.delete(processId);
      else this.#alarms.set(processId, event.alarm);
      return;
    }
    const alarm = this.#alarms.get(processId);
    if (!alarm) return;
    const { trigger } = alarm;
    // The wall clock may have been set back.
    const tookS = Math.max(0, event.at - alarm.seenAt) / 1000;
    if (event.type === 'restart-begun' && event.attempt === 1) this.#reactions.observe({ trigger }, tookS);
    if (event.type === 'verified') this.#recoveries.observe({ trigger }, tookS);
    const isEnd = ENDS.has(event.type) || (event.type === 'rechecked' && event.healthy);
    if (isEnd) this.#alarms.delete(processId);
  }
}

const ENDS: ReadonlySet<CycleEvent['type']> = new Set([
  'verified',
  'exhausted',
  'refused',
  'excluded',
  'paused',
  'skipped-open',
  'flapping',
  'postponed',
  'withdrawn',
  'faulted',
]);
