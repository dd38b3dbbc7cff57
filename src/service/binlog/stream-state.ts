import { BehaviorSubject, type Observable } from 'rxjs';
import type { DatabaseConfig } from '../../config/config.js';
import type { ServerSettings } from '../../db/connection/server-settings.js';
import type { Diagnosis } from '../../db/preflight/diagnosis.js';
import type { BinlogError, StreamSignal } from '../../domain/alarm/binlog-signal.js';
import { BoundedMap } from '../../domain/bounded-map.js';
import type { CycleEvent } from '../../domain/cycle/cycle-event.js';
import { msSinceBoot } from '../../lib/boot-clock.js';
import type { Log } from '../../telemetry/log/log.js';
import { StreamLog } from '../../telemetry/messages/stream-log.js';
import type { LiveConfig } from '../shared/live-config.js';
import type { ServiceObserver } from '../shared/observer-list.js';
import { ServerDiagnostics } from './server-diagnostics.js';

/** All times are ms since the epoch, for people. */
interface StreamFacts {
  readonly state: 'connecting' | 'streaming' | 'polling';
  readonly since: number;
  /** When the last change or statement that concerns our table came. */
  readonly lastEventAt?: number;
  /** When the last bytes came: an event or a heartbeat. */
  readonly lastSignAt?: number;
  /** The relay that it comes from, and how far that is behind the primary, ms. */
  readonly relay?: { readonly server: string; readonly lagMs: number };
}

/**
 * Of how many processes it is kept when a change last hid theirs; for the others, the last one that was forgotten
 * counts.
 */
const MAX_HIDDEN = 5000;

/** Clocks that are kept by NTP differ by less, ms. */
const CLOCKS_DIFFER_MS = 500;

/** The state of the binlog stream: up or down, since when, of which server, and why it is down. */
export class StreamState implements ServiceObserver {
  readonly #isStreaming = new BehaviorSubject(false);
  readonly #log: StreamLog;
  readonly #server: ServerDiagnostics;
  #state: StreamFacts['state'] = 'connecting';
  #since: number;
  #lastEventAt: number | undefined;
  #lastSignAt: number | undefined;
  #lagMs: number | undefined;
  #relay: StreamFacts['relay'];
  /** Since when nothing has come that may hide a change of any row. This and what follows is ms of the steady clock. */
  #shownSince: number;
  /** When a change came that may hide one of these rows. */
  readonly #hiddenAt = new BoundedMap<number, number>(MAX_HIDDEN, (_, at) => {
    this.#shownSince = Math.max(this.#shownSince, at);
  });
  /** Every change that was committed before has come; undefined if that cannot be told. */
  #shownUpTo: number | undefined;
  /** The clock of the server is ahead of ours: the age of an event does not tell how late it is. */
  #isServerAhead = false;

  constructor(
    private readonly settings: Pick<LiveConfig, 'current'>,
    log: Log,
    private readonly now: () => number = Date.now,
    private readonly steady: () => number = msSinceBoot,
  ) {
    this.#since = now();
    this.#shownSince = steady();
    this.#server = new ServerDiagnostics(log);
    this.#log = new StreamLog(
      log,
      () => this.server ?? 'the server',
      () => `polling every ${settings.current.monitor.fallbackIntervalMs / 1000} s`,
      now,
    );
  }

  /** Whether row changes reach us now, those of our own writes included. */
  get isStreaming(): boolean {
    return this.#isStreaming.value;
  }

  /** Emits the current value on subscription, then every change. */
  get isStreamingChanges(): Observable<boolean> {
    return this.#isStreaming;
  }

  get facts(): StreamFacts {
    return {
      state: this.#state,
      since: this.#since,
      ...(this.#lastEventAt === undefined ? {} : { lastEventAt: this.#lastEventAt }),
      ...(this.#lastSignAt === undefined ? {} : { lastSignAt: this.#lastSignAt }),
      ...(this.#relay && this.#state === 'streaming' ? { relay: this.#relay } : {}),
    };
  }

  /** Why the stream is down, if that is known. */
  get reason(): string | undefined {
    return this.#log.reason;
  }

  /** When the current connection attempt began, ms since the epoch; undefined once it has succeeded or failed. */
  get pendingSince(): number | undefined {
    return this.#log.pendingSince;
  }

  /** The server that was reached, if any. */
  get server(): string | undefined {
    return this.#server.describe(this.settings.current.database);
  }

  /** How far a relay is behind the primary, in ms (R38); 0 without one. */
  get relayLagMs(): number {
    return this.#relay?.lagMs ?? 0;
  }

  /** The age of the last event when it arrived, or how far a relay is behind, in ms; undefined while nothing arrives. */
  get lagMs(): number | undefined {
    return this.#state === 'streaming' ? this.#lagMs : undefined;
  }

  /**
   * From when and up to when every change of this process's row has come as a row change, ms of the steady clock;
   * undefined while the stream is down. A stream that is silent or late shows only what was committed before.
   */
  changesShown(processId: number): { readonly since: number; readonly upTo: number } | undefined {
    if (!this.isStreaming || this.#shownUpTo === undefined || this.#isServerAhead) return undefined;
    const hiddenAt = this.#hiddenAt.get(processId) ?? Number.NEGATIVE_INFINITY;
    return { since: Math.max(this.#shownSince, hiddenAt), upTo: this.#shownUpTo };
  }

  /**
   * Called before a stream to this server is opened, with what the server offers and what is wrong with its settings
   * (R6). `host`: the one of the configured servers that it is.
   */
  onServer(
    database: DatabaseConfig,
    settings: ServerSettings,
    diagnoses: readonly Diagnosis[],
    host: DatabaseConfig,
  ): void {
    this.#server.update(database, settings, diagnoses, host);
  }

  /**
   * Bytes came; `ageMs`: an event of this age was read, by the server's clock, which counts whole seconds. Called for every
   * packet, so it must be cheap.
   */
  onActivity(ageMs?: number): void {
    this.#lastSignAt = this.now();
    if (ageMs === undefined) return;
    this.#isServerAhead ||= ageMs < -CLOCKS_DIFFER_MS;
    this.#lagMs = Math.max(0, ageMs);
    this.#shownUpTo = this.steady() - this.#lagMs;
  }

  /** The stream comes from this relay, which is so far behind the primary (R38). */
  onRelay(server: string, lagMs: number): void {
    this.#relay = { server, lagMs };
    this.#lagMs = lagMs;
  }

  /** This relay cannot be used; the next one is tried. */
  onRelaySkipped(server: string, error: BinlogError): void {
    this.#log.relaySkipped(server, error);
  }

  /** A reload has replaced the stream: a new connection is being made. */
  reconnecting(): void {
    this.#relay = undefined;
    this.#enter('connecting');
  }

  /** The service stops and no longer listens to the stream. The facts stay as they are. */
  end(): void {
    this.#isStreaming.next(false);
  }

  onEvent(event: CycleEvent): void {
    this.#log.countAlarm(event);
  }

  onSignal(signal: StreamSignal): void {
    if (signal.kind === 'streaming') this.#shownSince = this.steady();
    else if (signal.kind === 'hidden') this.#takeHidden(signal);
    if (signal.kind === 'streaming') this.#enter('streaming');
    else if (signal.kind === 'lost') this.#enter('polling');
    else if (signal.kind !== 'hidden' || signal.namesTable) this.#lastEventAt = this.now();
    if (signal.kind === 'hidden' && signal.undecodable !== undefined)
      this.#server.onUndecodable(signal.undecodable);
    this.#log.onSignal(signal);
  }

  #takeHidden({ foreign, concerns }: Extract<StreamSignal, { kind: 'hidden' }>): void {
    if (foreign === 'definition') return;
    if (concerns) for (const processId of concerns) this.#hiddenAt.set(processId, this.steady());
    else this.#shownSince = this.steady();
  }

  #enter(state: StreamFacts['state']): void {
    if (state !== this.#state) this.#since = this.now();
    this.#state = state;
    if (state !== 'streaming') {
      this.#lagMs = undefined;
      this.#shownUpTo = undefined;
      this.#isServerAhead = false;
    }
    this.#isStreaming.next(state === 'streaming');
  }
}
