import { defer, finalize, type Observable, ReplaySubject, share, switchMap, timer } from 'rxjs';
import { Deadline } from '../deadline.js';
import type { JobOutcome, JobWait, ListedUnit, SystemdClient, TransientUnit } from '../systemd-client.js';
import type { UnitProperty, UnitState } from '../unit-properties.js';
import { SystemdRefusal } from './bus-errors.js';
import { readUnit } from './read-unit.js';
import { adoptJob, runJob } from './run-job.js';
import type { SystemdCall } from './systemd-session.js';
import { isBusAway, type SystemdSessions } from './systemd-sessions.js';
import { transientCall } from './transient-call.js';
import { watchUnit } from './watch-unit.js';

/** Follows a job that the bus has lost, while the bus is away. */
type FollowWithoutBus = (unit: string, deadline: Deadline) => Promise<JobOutcome | 'ask-the-bus-again'>;

/** How long a unit is still watched after the last subscriber has left, so that the next one need not ask again. */
const KEEP_WATCHING_MS = 100;

/** systemd over D-Bus. Its functions throw BusUnreachableError or BusLostError while the bus is away. */
export class BusClient implements SystemdClient {
  readonly #watches = new Map<string, Observable<unknown>>();

  constructor(
    private readonly sessions: SystemdSessions,
    private readonly followWithoutBus: FollowWithoutBus,
  ) {}

  async show<K extends UnitProperty>(unit: string, properties: readonly K[]): Promise<Pick<UnitState, K>> {
    return readUnit(await this.sessions.get(), unit, properties);
  }

  watch<K extends UnitProperty>(unit: string, properties: readonly K[]): Observable<Pick<UnitState, K>> {
    const key = `${unit} ${properties.join(' ')}`;
    const known = this.#watches.get(key) as Observable<Pick<UnitState, K>> | undefined;
    if (known) return known;
    const watch = defer(() => this.sessions.get()).pipe(
      switchMap((session) => watchUnit(session, unit, properties)),
      finalize(() => this.#watches.delete(key)),
      share({ connector: () => new ReplaySubject(1), resetOnRefCountZero: () => timer(KEEP_WATCHING_MS) }),
    );
    this.#watches.set(key, watch);
    return watch;
  }

  async list(pattern: string): Promise<readonly ListedUnit[]> {
    const [rows] = await this.#call({
      member: 'ListUnitsByPatterns',
      signature: 'asas',
      body: [[], [pattern]],
    });
    return (Array.isArray(rows) ? rows : []).map((row: readonly unknown[]) => ({
      id: String(row[0]),
      loadState: String(row[2]),
      activeState: String(row[3]),
      subState: String(row[4]),
    }));
  }

  restart(unit: string, wait: JobWait): Promise<JobOutcome> {
    return this.#job(unit, { member: 'RestartUnit', signature: 'ss', body: [unit, 'replace'] }, wait);
  }

  stop(unit: string, wait: JobWait): Promise<JobOutcome> {
    return this.#job(unit, { member: 'StopUnit', signature: 'ss', body: [unit, 'replace'] }, wait);
  }

  async startTransient(unit: TransientUnit, wait: JobWait): Promise<JobOutcome> {
    return this.#job(unit.name, await transientCall(unit), wait);
  }

  async resetFailed(unit: string): Promise<void> {
    await this.#call({ member: 'ResetFailedUnit', signature: 's', body: [unit] }).catch(ignoreRefusal);
  }

  async kill(unit: string, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const number = signal === 'SIGTERM' ? 15 : 9;
    await this.#call({ member: 'KillUnit', signature: 'ssi', body: [unit, 'all', number] }).catch(
      ignoreRefusal,
    );
  }

  close(): void {
    this.sessions.close();
  }

  async #call(call: SystemdCall): Promise<readonly unknown[]> {
    return (await this.sessions.get()).call(call);
  }

  /**
   * Runs a job. The bus and systemd may go away and come back during a job, which may even be the restart of one of
   * them.
   */
  async #job(unit: string, call: SystemdCall, wait: JobWait): Promise<JobOutcome> {
    const deadline = new Deadline(wait);
    const session = await this.sessions.get();
    try {
      return await runJob(session, unit, call, deadline);
    } catch (error) {
      if (!isBusAway(error)) throw error;
    }
    for (;;) {
      const reason = deadline.over;
      if (reason !== undefined) return { outcome: 'unfinished', reason };
      const outcome = await this.#follow(unit, deadline);
      if (outcome !== 'ask-the-bus-again') return outcome;
    }
  }

  async #follow(unit: string, deadline: Deadline): Promise<JobOutcome | 'ask-the-bus-again'> {
    try {
      return await adoptJob(await this.sessions.get(), unit, deadline);
    } catch (error) {
      if (!isBusAway(error)) throw error;
      return this.followWithoutBus(unit, deadline);
    }
  }
}

/** Ignores the refusal for a unit that does not exist. */
function ignoreRefusal(error: unknown): readonly unknown[] {
  if (error instanceof SystemdRefusal) return [];
  throw error;
}
