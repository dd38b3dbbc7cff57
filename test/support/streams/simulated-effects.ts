import {
  defer,
  finalize,
  map,
  mergeMap,
  type Observable,
  of,
  switchMap,
  tap,
  throwError,
  timer,
  type VirtualTimeScheduler,
} from 'rxjs';
import { type PageKey, StandingPage } from '../../../src/domain/alarm/standing-page.js';
import type { KnownProcess } from '../../../src/domain/alarm/table-rows.js';
import { namesBefore } from '../../../src/domain/cycle/restart-order.js';
import type {
  HealthVerdict,
  RestartReport,
  RestartTarget,
  RunInfo,
  UnitRun,
} from '../../../src/domain/cycle/restart-target.js';
import type { Slot } from '../../../src/operators/restart-slots.js';
import type { RowWrite } from '../../../src/streams/cycle/effects.js';
import type { SimulatedTable } from './simulated-table.js';
import { type Doing, HEALTHY, type SimulatedRun, type WorldOptions } from './world-options.js';

/** Rows of a page where nothing is said: the table has one page. */
export const PAGE = 500;

/** One thing that runs for a process: what a place is for (R8). */
export interface Run {
  readonly what: 'pre-restart' | 'restart' | 'health-check';
  readonly processId: number;
  readonly systemName: string;
  readonly from: number;
  /** What else ran when it began. */
  readonly besides: readonly Run[];
}

/** What the pipeline does to the world, as the options of the test say, and a record of it. */
export class SimulatedEffects {
  /** Everything that ran, in the order of its begin. */
  readonly runs: Run[] = [];
  /** Every health check: when it was answered, and how. */
  readonly checks: { readonly systemName: string; readonly at: number; readonly healthy: boolean }[] = [];
  readonly writes: { readonly at: number; readonly processId: number; readonly write: RowWrite }[] = [];
  readonly reads: number[] = [];
  /** Of each restart: from when on one of the same unit for another process counts for it. */
  readonly restartsSince: number[] = [];
  readonly #running = new Set<Run>();
  readonly #told = new Map<RestartReport, SimulatedRun>();
  readonly #runs = new Map<RestartReport, UnitRun>();
  readonly #watchErrors = new Map<RunInfo['run'], Error>();
  readonly #ends = new Map<RunInfo['run'], number>();

  constructor(
    private readonly scheduler: VirtualTimeScheduler,
    private readonly table: SimulatedTable,
    private readonly options: WorldOptions,
    private readonly onRun: (run: Run) => void,
  ) {}

  get restarts(): readonly Run[] {
    return this.runs.filter(({ what }) => what === 'restart');
  }

  preRestart(target: RestartTarget): Observable<void> {
    const { preRestart } = this.options;
    // Without such a command nothing runs.
    if (!preRestart) return this.#do({ takesMs: 0 }).pipe(map(() => undefined));
    return this.#run('pre-restart', target, () => this.#do(preRestart(target))).pipe(map(() => undefined));
  }

  checkHealth(target: RestartTarget, report: RestartReport | undefined): Observable<HealthVerdict> {
    return this.#run('health-check', target, () => {
      const { takesMs, verdict } = this.options.health?.(target, report) ?? { takesMs: 1, verdict: HEALTHY };
      return timer(takesMs, this.scheduler).pipe(
        map(() => {
          this.checks.push({
            systemName: target.systemName,
            at: this.scheduler.now(),
            healthy: verdict.healthy,
          });
          return verdict;
        }),
      );
    });
  }

  restart(target: RestartTarget, onBegun: () => void, slot: Slot, since = 0): Observable<RestartReport> {
    this.restartsSince.push(since);
    return this.#run('restart', target, () => {
      const { beginsAfterMs } = this.options;
      if (beginsAfterMs !== undefined) {
        this.scheduler.schedule(onBegun, beginsAfterMs);
        this.scheduler.schedule(onBegun, beginsAfterMs + 1);
      }
      return this.#do(this.options.restart?.(target) ?? { takesMs: 10 });
    }).pipe(
      mergeMap(() => {
        const idleMs = this.options.idlesMs?.(target);
        if (idleMs === undefined) return of(undefined);
        slot.release();
        return timer(idleMs, this.scheduler).pipe(switchMap(() => slot.acquire()));
      }),
      map((): RestartReport => this.#begin(target)),
    );
  }

  findRun(report: RestartReport): Observable<RunInfo> {
    const { toldBy, isSelfReporting = false } = this.#told.get(report) ?? {};
    const run = this.#runs.get(report);
    return of({ isSelfReporting, ...(run && toldBy !== 'nobody' && { run }) });
  }

  watchRun(run: RunInfo['run'], forMs: number): Observable<string | undefined> {
    return defer(() => {
      const error = run && this.#watchErrors.get(run);
      if (error) return throwError(() => error);
      const endsAt = (run && this.#ends.get(run)) ?? Number.POSITIVE_INFINITY;
      const leftMs = Math.max(endsAt - this.scheduler.now(), 0);
      return leftMs <= forMs
        ? timer(leftMs, this.scheduler).pipe(map(() => 'exit 1'))
        : timer(forMs, this.scheduler).pipe(map(() => undefined));
    });
  }

  #begin(target: RestartTarget): RestartReport {
    const told = this.options.run?.(target) ?? {};
    const run = { unit: target.systemName, invocationId: String(this.runs.length), nRestarts: 0 };
    const { isSelfReporting = false, toldBy = 'restart', endsAfterMs = Number.POSITIVE_INFINITY } = told;
    const report: RestartReport = {
      ...{ strategy: 'service', detail: 'restarted' },
      ...(toldBy === 'restart' && { run, isSelfReporting }),
    };
    this.#told.set(report, told);
    this.#runs.set(report, run);
    this.#ends.set(run, this.scheduler.now() + endsAfterMs);
    if (told.watchError) this.#watchErrors.set(run, told.watchError);
    return report;
  }

  #run<T>(what: Run['what'], target: RestartTarget, work: () => Observable<T>): Observable<T> {
    return defer(() => {
      const run: Run = {
        what,
        processId: this.#idOf(target.processName),
        systemName: target.systemName,
        from: this.scheduler.now(),
        besides: [...this.#running],
      };
      this.runs.push(run);
      this.onRun(run);
      this.#running.add(run);
      // Before its answer is passed on: what follows it runs after it.
      const end = (): boolean => this.#running.delete(run);
      return defer(work).pipe(tap({ next: end, error: end }), finalize(end));
    });
  }

  #do({ takesMs, error }: Doing): Observable<unknown> {
    return timer(takesMs, this.scheduler).pipe(
      mergeMap(() => (error ? throwError(() => error) : of(undefined))),
    );
  }

  /** The row is written in the middle of the time that the statement takes. */
  write(write: RowWrite, processId: number, notes: string): Observable<boolean> {
    return defer(() => {
      const { takesMs, error, lost } = this.options.write?.(write, processId) ?? { takesMs: 2 };
      this.writes.push({ at: this.scheduler.now(), processId, write });
      if (error && !lost) return this.#do({ takesMs, error }).pipe(map(() => false));
      return timer(takesMs / 2, this.scheduler).pipe(
        map(() => {
          const isMet = this.table.row(processId).alarma === (write === 'raise' ? 0 : 1);
          const alarma = write === 'clear' ? { alarma: 0 } : write === 'raise' ? { alarma: 1 } : {};
          const answerInMs = lost ? Number.POSITIVE_INFINITY : takesMs / 2;
          if (isMet) this.table.write(processId, { notes, ...alarma }, true, false, answerInMs);
          return isMet;
        }),
        mergeMap((changed) =>
          this.#do({ takesMs: takesMs / 2, ...(error ? { error } : {}) }).pipe(map(() => changed)),
        ),
      );
    });
  }

  read<T>(look: () => T): Observable<T> {
    return defer(() => {
      if (this.options.canRead?.() === false) return throwError(() => new Error('the database is away'));
      this.reads.push(this.scheduler.now());
      const takesMs = this.options.readMs?.() ?? 1;
      return timer(takesMs / 2, this.scheduler).pipe(
        map(look),
        mergeMap((found) => timer(takesMs / 2, this.scheduler).pipe(map(() => found))),
      );
    });
  }

  readStanding(after: PageKey | undefined): StandingPage {
    const size = this.options.capacity?.page ?? PAGE;
    const alarms = this.table.visiblyStanding().flatMap((processId) => {
      const found = this.find(processId);
      if (found?.isOurs === false || processId <= Number(after ?? Number.NEGATIVE_INFINITY)) return [];
      return [{ processId, processName: found?.name ?? null, notes: this.table.visible(processId).notes }];
    });
    const page = alarms.slice(0, size);
    const upTo = page.length < size ? undefined : page.at(-1)?.processId;
    const names = page.flatMap(({ processName }) => processName ?? []);
    const before = upTo === undefined ? [] : namesBefore(names, this.options.sections ?? new Map());
    const behind = alarms
      .slice(size)
      .filter(({ processName }) => processName && before.includes(processName));
    return new StandingPage(page, { after, upTo }, behind);
  }

  find(processId: number): KnownProcess | undefined {
    if (!this.options.names) return { name: `p${processId}`, isOurs: true };
    const name = this.options.names.get(processId);
    return name === undefined ? undefined : { name: name ?? 'of another host', isOurs: name !== null };
  }

  #idOf(name: string): number {
    for (const [id, known] of this.options.names ?? []) if (known === name) return id;
    return Number(name.slice(1));
  }
}
