import { Counter, type Registry } from 'prom-client';
import type { CycleEvent } from '../../domain/cycle/cycle-event.js';

/** Where the restart itself failed nobody can say by which strategy: `auto` may have tried two. */
const NO_STRATEGY = 'none';

/** The attempts by the strategy that restarted, and by what came of them. */
export class AttemptResults {
  readonly #attempts: Counter<'process' | 'strategy' | 'result'>;
  /** By which strategy the running attempt of a process has restarted it. */
  readonly #strategies = new Map<number, string>();

  constructor(registry: Registry) {
    this.#attempts = new Counter({
      name: 'monitor_service_attempts_total',
      help: 'Attempts by the strategy that restarted the process, and by result.',
      labelNames: ['process', 'strategy', 'result'],
      registers: [registry],
    });
  }

  onEvent(event: CycleEvent, process: string): void {
    const { processId } = event;
    switch (event.type) {
      case 'restarted':
        this.#strategies.set(processId, event.report.strategy);
        break;
      case 'verified':
        this.#strategies.delete(processId);
        this.#attempts.inc({ process, strategy: event.report.strategy, result: 'verified' });
        break;
      case 'attempt-failed': {
        const strategy = this.#strategies.get(processId) ?? NO_STRATEGY;
        this.#strategies.delete(processId);
        const result = event.step === 'verify' ? 'unhealthy' : 'restart-failed';
        this.#attempts.inc({ process, strategy, result });
        break;
      }
      default:
    }
  }
}
