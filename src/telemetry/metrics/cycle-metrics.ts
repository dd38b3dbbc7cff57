import type { Counter, Histogram, Registry } from 'prom-client';
import { isOnRequest } from '../../domain/alarm/alarm.js';
import type { CycleEvent } from '../../domain/cycle/cycle-event.js';
import { AttemptResults } from './attempt-results.js';
import { createCounter, createHistogram } from './create-metric.js';
import { CycleTimes } from './cycle-times.js';
import type { ProcessLabels } from './process-labels.js';

/** What happens in the cycles, counted and timed. */
export class CycleMetrics {
  readonly #alarms: Counter<'process' | 'trigger'>;
  readonly #cycles: Counter<'process' | 'outcome'>;
  readonly #breakers: Counter<'process' | 'to'>;
  readonly #escalations: Counter<'process' | 'result'>;
  readonly #writeFailures: Counter<'what'>;
  readonly #durations: Histogram<'strategy'>;
  readonly #attempts: AttemptResults;
  readonly #times: CycleTimes;

  constructor(
    registry: Registry,
    private readonly labels: ProcessLabels,
  ) {
    this.#alarms = createCounter(registry, 'monitor_service_alarms_total');
    this.#cycles = createCounter(registry, 'monitor_service_cycles_total');
    this.#breakers = createCounter(registry, 'monitor_service_breaker_changes_total');
    this.#escalations = createCounter(registry, 'monitor_service_escalations_total');
    this.#writeFailures = createCounter(registry, 'monitor_service_write_failures_total');
    this.#durations = createHistogram(registry, 'monitor_service_restart_duration_seconds');
    this.#attempts = new AttemptResults(registry);
    this.#times = new CycleTimes(registry);
  }

  onEvent(event: CycleEvent): void {
    const process = this.labels.labelOf(event.processName);
    this.#attempts.onEvent(event, process);
    this.#times.onEvent(event);
    const outcome = outcomeOf(event);
    if (outcome) this.#cycles.inc({ process, outcome });
    switch (event.type) {
      case 'detected':
        // A restart that somebody asked for is no alarm.
        if (!isOnRequest(event.alarm)) this.#alarms.inc({ process, trigger: event.alarm.trigger });
        break;
      case 'restarted':
        this.#durations.observe({ strategy: event.report.strategy }, event.tookMs / 1000);
        break;
      case 'opened':
      case 'flapping':
        this.#breakers.inc({ process, to: 'open' });
        break;
      case 'half-opened':
        this.#breakers.inc({ process, to: 'half-open' });
        break;
      case 'closed':
        this.#breakers.inc({ process, to: 'closed' });
        break;
      case 'escalated':
        this.#escalations.inc({ process, result: event.reason === undefined ? 'done' : 'failed' });
        break;
      case 'write-failed':
        this.#writeFailures.inc({ what: event.what });
        break;
      default:
    }
  }
}

/** How a cycle ended, for the events that end one. */
function outcomeOf(event: CycleEvent): string | undefined {
  switch (event.type) {
    case 'verified':
    case 'refused':
    case 'excluded':
    case 'paused':
    case 'withdrawn':
      return event.type;
    case 'exhausted':
    case 'faulted':
      return 'failed';
    case 'skipped-open':
      return 'open';
    case 'flapping':
      return 'flapping';
    case 'rechecked':
      return event.healthy ? 'healthy' : undefined;
    default:
      return undefined;
  }
}
