import { BehaviorSubject, type Observable } from 'rxjs';
import type { DatabaseConfig } from '../../config/config.js';
import type { ServerSettings } from '../../db/connection/server-settings.js';
import type { Diagnosis } from '../../db/preflight/diagnosis.js';
import type { StreamSignal } from '../../domain/alarm/binlog.js';
import type { CycleEvent } from '../../domain/cycle/cycle-event.js';
import type { Log } from '../../telemetry/log/log.js';
import { StreamLog } from '../../telemetry/messages/stream-log.js';
import type { LiveConfig } from '../shared/live-config.js';
import type { ServiceObserver } from '../shared/observer-list.js';
import { ServerDiagnostics } from './server-diagnostics.js';

/** Times are ms since the epoch. */
interface StreamFacts {
  readonly state: 'connecting' | 'streaming' | 'polling';
  readonly since: number;
  /** The last change or statement that concerned our table. */
  readonly lastEventAt?: number;
  /** The last bytes, be it an event or a heartbeat. */
  readonly lastSignAt?: number;
}

/** What is known of the binlog stream: whether it is up, since when, of which server, and why not. */
export class StreamState implements ServiceObserver {
  readonly #isStreaming = new BehaviorSubject(false);
  readonly #log: StreamLog;
  readonly #server: ServerDiagnostics;
  #state: StreamFacts['state'] = 'connecting';
  #since: number;
  #lastEventAt: number | undefined;
  #lastSignAt: number | undefined;
  #lagMs: number | undefined;

  constructor(
    private readonly settings: Pick<LiveConfig, 'current'>,
    log: Log,
    private readonly now: () => number = Date.now,
  ) {
    this.#since = now();
    this.#server = new ServerDiagnostics(log);
    this.#log = new StreamLog(
      log,
      () => this.server ?? 'the server',
      () => `polling every ${settings.current.monitor.fallbackIntervalMs / 1000} s`,
      now,
    );
  }

  /** Whether row changes reach us: those of others, and our own writes. */
  get isStreaming(): boolean {
    return this.#isStreaming.value;
  }

  /** The present value first. */
  get isStreamingChanges(): Observable<boolean> {
    return this.#isStreaming;
  }

  get facts(): StreamFacts {
    return {
      state: this.#state,
      since: this.#since,
      ...(this.#lastEventAt === undefined ? {} : { lastEventAt: this.#lastEventAt }),
      ...(this.#lastSignAt === undefined ? {} : { lastSignAt: this.#lastSignAt }),
    };
  }

  /** Why the stream is down, where that is known. */
  get reason(): string | undefined {
    return this.#log.reason;
  }

  /** Since when it is being connected, and will soon tell how it fares; undefined where it has. */
  get pendingSince(): number | undefined {
    return this.#log.pendingSince;
  }

  /** The server, if it has been reached. */
  get server(): string | undefined {
    return this.#server.describe(this.settings.current.database);
  }

  /** How old the last event was when it came, ms; undefined while nothing comes. */
  get lagMs(): number | undefined {
    return this.#state === 'streaming' ? this.#lagMs : undefined;
  }

  /** A stream to this server is about to be opened: what it can give, and what is wrong with its settings (R6). */
  onServer(database: DatabaseConfig, settings: ServerSettings, diagnoses: readonly Diagnosis[]): void {
    this.#server.update(database, settings, diagnoses);
  }

  /** Bytes have come: called for every packet, so it does next to nothing. */
  onActivity(lagMs?: number): void {
    this.#lastSignAt = this.now();
    this.#lagMs = lagMs ?? this.#lagMs;
  }

  /** A reload has replaced the stream: a new one is being connected. */
  reconnecting(): void {
    this.#enter('connecting');
  }

  /** The service stops: nobody listens to the stream any more. The facts stay what they were. */
  end(): void {
    this.#isStreaming.next(false);
  }

  onEvent(event: CycleEvent): void {
    this.#log.countAlarm(event);
  }

  onSignal(signal: StreamSignal): void {
    if (signal.kind === 'streaming') this.#enter('streaming');
    else if (signal.kind === 'lost') this.#enter('polling');
    else if (signal.kind !== 'hidden' || signal.namesTable) this.#lastEventAt = this.now();
    this.#log.take(signal);
  }

  #enter(state: StreamFacts['state']): void {
    if (state !== this.#state) this.#since = this.now();
    this.#state = state;
    if (state !== 'streaming') this.#lagMs = undefined;
    this.#isStreaming.next(state === 'streaming');
  }
}
