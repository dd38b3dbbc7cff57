import {
  catchError,
  concat,
  distinctUntilChanged,
  ignoreElements,
  type Observable,
  take,
  throwError,
  timer,
} from 'rxjs';
import { BusClient } from './bus/bus-client.js';
import { isBusAway, SystemdSessions } from './bus/systemd-sessions.js';
import { SystemctlClient } from './systemctl/systemctl-client.js';
import type { JobOutcome, JobWait, ListedUnit, SystemdClient, TransientUnit } from './systemd-client.js';
import type { UnitProperty, UnitState } from './unit-properties.js';

/** How often a watched unit is read while the bus is away, in ms. */
const LOOK_AGAIN_MS = 500;

/** Called whenever the way to systemd changes: with the reason when the bus is away, with undefined when it is back. */
export type OnBusState = (away: Error | undefined) => void;

/**
 * systemd over D-Bus, or by systemctl while the bus is away, because dbus itself may be the process in alarm. The
 * first call opens the connection.
 */
export class BusOrSystemctl implements SystemdClient {
  readonly #sessions = new SystemdSessions();
  readonly #systemctl = new SystemctlClient();
  readonly #bus = new BusClient(this.#sessions, (unit, deadline) =>
    this.#systemctl.followJob(unit, deadline),
  );
  #isAway = false;

  constructor(private readonly onBusState: OnBusState = () => {}) {}

  show<K extends UnitProperty>(unit: string, properties: readonly K[]): Promise<Pick<UnitState, K>> {
    return this.#ask((client) => client.show(unit, properties));
  }

  watch<K extends UnitProperty>(unit: string, properties: readonly K[]): Observable<Pick<UnitState, K>> {
    return this.#bus.watch(unit, properties).pipe(
      catchError((error, watching) => {
        if (!isBusAway(error)) return throwError(() => error);
        this.#tell(error);
        // Reads once without the bus, then tries the bus again.
        const look = this.#systemctl.watch(unit, properties).pipe(take(1));
        return concat(look, timer(LOOK_AGAIN_MS).pipe(ignoreElements()), watching);
      }),
      distinctUntilChanged((a, b) => JSON.stringify(a) === JSON.stringify(b)),
    );
  }

  list(pattern: string): Promise<readonly ListedUnit[]> {
    return this.#ask((client) => client.list(pattern));
  }

  restart(unit: string, wait: JobWait): Promise<JobOutcome> {
    return this.#ask((client) => client.restart(unit, wait));
  }

  stop(unit: string, wait: JobWait): Promise<JobOutcome> {
    return this.#ask((client) => client.stop(unit, wait));
  }

  startTransient(unit: TransientUnit, wait: JobWait): Promise<JobOutcome> {
    return this.#ask((client) => client.startTransient(unit, wait));
  }

  resetFailed(unit: string): Promise<void> {
    return this.#ask((client) => client.resetFailed(unit));
  }

  kill(unit: string, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    return this.#ask((client) => client.kill(unit, signal));
  }

  close(): void {
    this.#sessions.close();
  }

  /**
   * Asks over the bus, and by systemctl if the bus is away. A job whose request was sent before the bus was lost is
   * followed by the bus client; everything else may be asked twice.
   */
  async #ask<T>(question: (client: SystemdClient) => Promise<T>): Promise<T> {
    try {
      const answer = await question(this.#bus);
      this.#tell(undefined);
      return answer;
    } catch (error) {
      if (!isBusAway(error)) throw error;
      this.#tell(error);
      return question(this.#systemctl);
    }
  }

  #tell(away: Error | undefined): void {
    if (this.#isAway === (away !== undefined)) return;
    this.#isAway = away !== undefined;
    this.onBusState(away);
  }
}
