import type { StatusReport } from '../../control/status-report.js';
import type { StreamSignal } from '../../domain/alarm/binlog.js';
import type { ServiceObserver } from '../shared/observer-list.js';

type Facts = Pick<StatusReport['stream'], 'state' | 'since' | 'lastEventAt' | 'lastSignAt'>;

/** Since when the binlog is watched, or is not, and when it was last heard of. */
export class StreamState implements ServiceObserver {
  #state: Facts['state'] = 'connecting';
  #since: number;
  #lastEventAt: number | undefined;
  #lastSignAt: number | undefined;
  #lagMs: number | undefined;

  constructor(private readonly now: () => number) {
    this.#since = now();
  }

  get facts(): Facts {
    return {
      state: this.#state,
      since: this.#since,
      ...(this.#lastEventAt === undefined ? {} : { lastEventAt: this.#lastEventAt }),
      ...(this.#lastSignAt === undefined ? {} : { lastSignAt: this.#lastSignAt }),
    };
  }

  /** How old the last event was when it came, ms; undefined while nothing comes. */
  get lagMs(): number | undefined {
    return this.#state === 'streaming' ? this.#lagMs : undefined;
  }

  /** Bytes have come: called for every packet, so it does next to nothing. */
  takeSign(lagMs?: number): void {
    this.#lastSignAt = this.now();
    this.#lagMs = lagMs ?? this.#lagMs;
  }

  onSignal(signal: StreamSignal): void {
    if (signal.kind === 'streaming') this.#enter('streaming');
    else if (signal.kind === 'lost') this.#enter('polling');
    else if (signal.kind !== 'hidden' || signal.namesTable) this.#lastEventAt = this.now();
  }

  #enter(state: Facts['state']): void {
    if (state !== this.#state) this.#since = this.now();
    this.#state = state;
    if (state !== 'streaming') this.#lagMs = undefined;
  }
}
