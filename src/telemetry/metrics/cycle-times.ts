import { Histogram, type Registry } from 'prom-client';
import type { Alarm } from '../../domain/alarm/alarm.js';
import type { CycleEvent } from '../../domain/cycle/cycle-event.js';

/** How long it takes from seeing an alarm to the begin of its first attempt, and until the process is healthy again. */
export class CycleTimes {
  readonly #reactions: Histogram<'trigger'>;
  readonly #recoveries: Histogram<'trigger'>;
  readonly #alarms = new Map<number, Alarm>();

  constructor(registry: Registry) {
    const registers = [registry];
    this.#reactions = new Histogram({
      name: 'monitor_service_reaction_seconds',
      help: 'Time from seeing an alarm to the begin of its first attempt, with the wait for a place.',
      labelNames: ['trigger'],
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30, 120],
      registers,
    });
    this.#recoveries = new Histogram({
      name: 'monitor_service_recovery_seconds',
      help: 'Time from seeing an alarm until the process was verified healthy.',
      labelNames: ['trigger'],
      buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300],
      registers,
    });
  }

  onEvent(event: CycleEvent): void {
    const { processId } = event;
    if (event.type === 'detected') {
      // Who asks for a restart, or resumes, has not been waiting for us to see an alarm.
      const { trigger } = event.alarm;
      if (trigger === 'manual' || trigger === 'resume') this.#alarms.delete(processId);
      else this.#alarms.set(processId, event.alarm);
      return;
    }
    const alarm = this.#alarms.get(processId);
    if (!alarm) return;
    const { trigger } = alarm;
    // The wall clock may have been set back.
    const tookS = Math.max(0, event.at - alarm.seenAt) / 1000;
    if (event.type === 'attempt-started' && event.attempt === 1) this.#reactions.observe({ trigger }, tookS);
    if (event.type === 'verified') this.#recoveries.observe({ trigger }, tookS);
    const isEnd = ENDS.has(event.type) || (event.type === 'rechecked' && event.healthy);
    if (isEnd) this.#alarms.delete(processId);
  }
}

const ENDS: ReadonlySet<CycleEvent['type']> = new Set([
  'verified',
  'exhausted',
  'paused',
  'skipped-open',
  'withdrawn',
  'faulted',
]);
