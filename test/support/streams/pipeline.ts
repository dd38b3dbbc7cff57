import {
  BehaviorSubject,
  map,
  merge,
  of,
  Subject,
  Subscription,
  takeUntil,
  tap,
  VirtualTimeScheduler,
} from 'rxjs';
import { type AlarmSignal, createRequestedAlarm, type Trigger } from '../../../src/domain/alarm/alarm.js';
import { BinlogError, type StreamSignal } from '../../../src/domain/alarm/binlog-signal.js';
import { formatNote } from '../../../src/domain/alarm/format-note.js';
import { HandledAlarms } from '../../../src/domain/alarm/handled-alarms.js';
import { admit } from '../../../src/domain/cycle/admission.js';
import type { CycleEvent } from '../../../src/domain/cycle/cycle-event.js';
import type { Pause } from '../../../src/domain/cycle/pause.js';
import { LogicalClock } from '../../../src/domain/logical-clock.js';
import { CycleCapacity } from '../../../src/operators/cycle-capacity.js';
import { RestartSlots } from '../../../src/operators/restart-slots.js';
import { Breakers } from '../../../src/state/breakers.js';
import { Pauses } from '../../../src/state/pauses.js';
import { alarmSignals } from '../../../src/streams/alarm-signals.js';
import type { CycleEffects } from '../../../src/streams/cycle/effects.js';
import { handleAlarms } from '../../../src/streams/handle-alarms.js';
import { heldBy } from '../../../src/streams/held-by.js';
import { lookUpName } from '../../../src/streams/look-up-name.js';
import { pollTicks } from '../../../src/streams/poll-ticks.js';
import { SuppressedAlarms } from '../../../src/streams/suppressed-alarms.js';
import { WaitsInOrder } from '../../../src/streams/waits-in-order.js';
import { BREAKER_LIMITS } from '../breaker-limits.js';
import { PAGE, type Run, SimulatedEffects } from './simulated-effects.js';
import { type Commit, meaningOf, SimulatedTable } from './simulated-table.js';
import { SETTINGS, type WorldOptions } from './world-options.js';

/**
 * The whole pipeline, from the binlog to the row, in virtual time: everything between the sources and the effects is
 * the real thing; table, binlog, commands and clock are simulated.
 */
export class Pipeline {
  readonly scheduler = new VirtualTimeScheduler(undefined, 0);
  readonly table: SimulatedTable;
  readonly events: CycleEvent[] = [];
  /** What was told of the begin of each cycle. */
  readonly begins: { readonly processId: number; readonly beginsWithCheck: boolean }[] = [];
  /** What ran and what was told of it, in order. */
  readonly steps: { readonly processId: number; readonly type: CycleEvent['type'] | Run['what'] }[] = [];
  readonly world: SimulatedEffects;
  /** Row changes of others, when they arrived. */
  readonly changesSeen: {
    readonly at: number;
    readonly processId: number;
    readonly kind: 'raised' | 'lowered';
  }[] = [];
  /** Pauses, when they were begun. */
  readonly pausesSeen: Pause[] = [];
  readonly slots: RestartSlots;
  readonly breakers: Breakers;
  readonly pauses: Pauses;
  readonly answered: HandledAlarms;
  readonly order: WaitsInOrder;
  readonly suppressed: SuppressedAlarms;
  readonly stream = new Subject<StreamSignal>();
  readonly reconcileRequests = new Subject<Trigger>();
  /** The statements go to another server from now on. */
  readonly serverChanged = new Subject<void>();
  readonly #clock = new LogicalClock();
  readonly #dropped = new Subject<void>();
  readonly #capacity: CycleCapacity;
  readonly #requests = new Subject<AlarmSignal>();
  readonly #isStreaming = new BehaviorSubject(true);
  readonly #stopping = new Subject<void>();
  readonly #verified: Set<number>;
  readonly #subscription = new Subscription();
  #lastEventAt = 0;
  #wallAheadMs = 0;
  #shown = { since: 0, upTo: 0 };
  readonly #hiddenAt = new Map<number, number>();
  completed = false;
  /** Processes whose cycle has ended with nothing left to be answered. */
  readonly settled: number[] = [];

  constructor(private readonly options: WorldOptions = {}) {
    this.table = new SimulatedTable(this.scheduler, options.visibleAfterMs ?? (() => 0), (commit) =>
      this.#writeToBinlog(commit),
    );
    this.world = new SimulatedEffects(this.scheduler, this.table, options, ({ processId, what }) =>
      this.steps.push({ processId, type: what }),
    );
    this.slots = new RestartSlots(options.maxParallel ?? 4);
    this.breakers = new Breakers(
      () => ({
        ...BREAKER_LIMITS,
        maxFailures: options.maxFailures ?? 3,
        resetTimeMs: options.resetTimeMs ?? 1_800_000,
        ...options.flapping,
      }),
      this.scheduler,
    );
    this.pauses = new Pauses(this.scheduler);
    this.#verified = new Set(options.verifiedBefore);
    this.#capacity = new CycleCapacity(() => options.capacity ?? { page: PAGE, fromTable: 1e6, total: 2e6 });
    const required = [...(options.sections?.values() ?? [])].flatMap(({ requires = [] }) => requires);
    this.order = new WaitsInOrder({
      scheduler: this.scheduler,
      isInUse: () => true,
      isRequired: (name) => required.includes(name),
      capacity: this.#capacity,
      ...(options.maxWaiting === undefined ? {} : { maxWaiting: options.maxWaiting }),
    });
    this.answered = new HandledAlarms(options.answeredBefore);
    const acknowledges = () => options.acknowledges?.() ?? true;
    this.suppressed = new SuppressedAlarms(this.answered, acknowledges);
    const clock = this.#clock;
    const isPaused = (name: string, processId: number): boolean =>
      this.pauses.activeFor(name, processId) !== undefined;
    const effects = this.#createEffects();
    this.#subscription.add(
      this.stream.subscribe((signal) => {
        const concerns = signal.kind === 'hidden' ? signal.concerns : undefined;
        if (concerns) for (const id of concerns) this.#hiddenAt.set(id, this.now);
        else if (signal.kind === 'streaming' || signal.kind === 'hidden')
          this.#shown = { ...this.#shown, since: this.now };
      }),
    );
    const signals = alarmSignals({
      stream: this.stream,
      ticks: pollTicks({
        checkIntervalMs: options.checkIntervalMs ?? 300_000,
        fallbackIntervalMs: options.fallbackIntervalMs ?? 5000,
        isStreaming: this.#isStreaming,
        scheduler: this.scheduler,
        random: () => 1,
      }),
      isFleet: () => options.isFleet ?? false,
      random: () => 0.5,
      halfOpened: this.breakers.halfOpened,
      pausesEnded: merge(this.pauses.ended, this.pauses.maintenance.ended),
      isPaused,
      reconcileRequests: this.reconcileRequests,
      isStreaming: () => this.#isStreaming.value,
      readStanding: (after) => this.world.read(() => this.world.readStanding(after)),
      onNoRoom: () => {},
      dropped: this.#dropped,
      capacity: this.#capacity,
      heldBy: (name, id) => heldBy(name, id, (processName) => effects.admit(processName), isPaused),
      visibleWithinMs: () => 1500,
      retryAfterMs: () => options.fallbackIntervalMs ?? 5000,
      onReconcileError: () => {},
      suppressed: this.suppressed,
      order: this.order,
      clock,
      scheduler: this.scheduler,
      wallNow: () => this.#wallNow(),
    });
    this.#subscription.add(
      handleAlarms(merge(signals, this.#requests).pipe(takeUntil(this.#stopping)), {
        effects,
        suppressed: this.suppressed,
        clock,
        reconcileRequests: this.reconcileRequests,
        dropped: this.#dropped,
        capacity: this.#capacity,
        watch: {
          begun: ({ processId }, beginsWithCheck) => this.begins.push({ processId, beginsWithCheck }),
          ended: () => {},
        },
        onSettled: (processId) => this.settled.push(processId),
      }).subscribe({
        next: (event) => this.#take(event),
        complete: () => {
          this.completed = true;
        },
      }),
    );
  }

  get restarts(): readonly Run[] {
    return this.world.restarts;
  }

  /** Everything that ran for a process: commands, restarts, health checks. */
  get runs(): readonly Run[] {
    return this.world.runs;
  }

  get checks(): SimulatedEffects['checks'] {
    return this.world.checks;
  }

  get writes(): SimulatedEffects['writes'] {
    return this.world.writes;
  }

  get reads(): readonly number[] {
    return this.world.reads;
  }

  get now(): number {
    return this.scheduler.now();
  }

  /** Sets the wall clock forward, or back, by so many ms. */
  setWallClock(byMs: number): void {
    this.#wallAheadMs += byMs;
  }

  /** Does something at this time, ms since the begin. */
  at(ms: number, work: () => void): this {
    this.scheduler.schedule(work, ms - this.now);
    return this;
  }

  raise(processId: number, notes?: string): void {
    this.table.write(processId, { alarma: 1, ...(notes === undefined ? {} : { notes }) });
  }

  /** In one transaction. */
  lowerAndRaise(processId: number): void {
    this.lower(processId);
    this.raise(processId);
  }

  /** With `sql_log_bin = 0`. */
  raiseUnlogged(processId: number): void {
    this.table.write(processId, { alarma: 1 }, false, true);
  }

  lower(processId: number): void {
    this.table.write(processId, { alarma: 0 });
  }

  /** A change of PROCESE; `told`: with the name, as the binlog has it. `names` must be a Map that can be changed. */
  rename(processId: number, name: string, told: 'name' | 'id' | 'hidden'): void {
    (this.options.names as Map<number, string>).set(processId, name);
    if (told === 'hidden') this.stream.next({ kind: 'hidden', namesTable: true });
    else {
      const renaming = { processId, ...(told === 'name' && { processName: name }) };
      this.stream.next({ kind: 'renamed', renaming });
    }
  }

  /** Somebody asks for a cycle of this process; returns whether it was begun, undefined where nobody answered. */
  request(processId: number, trigger: 'manual' | 'restart-with' = 'manual'): boolean | undefined {
    let isBegun: boolean | undefined;
    const alarm = createRequestedAlarm(
      ...([processId, this.options.names?.get(processId) ?? `p${processId}`] as const),
      ...(['alice', { seenAt: this.#wallNow(), steadyAt: this.now }, this.#clock, trigger] as const),
    );
    const answer = (begun: boolean): void => {
      isBegun = begun;
    };
    this.#requests.next({ kind: 'manual', alarm, answer });
    return isBegun;
  }

  pause(pause: Pause): void {
    this.pausesSeen.push(pause);
    this.pauses.add(pause);
  }

  loseStream(): void {
    this.#isStreaming.next(false);
    this.stream.next({ kind: 'lost', error: new BinlogError('gone'), retryInMs: 100, wasUpForMs: 1 });
  }

  regainStream(): void {
    this.#isStreaming.next(true);
    this.stream.next({ kind: 'streaming' });
  }

  /** No new cycles; running ones go on (R22). */
  stop(): void {
    this.#isStreaming.next(false);
    this.#stopping.next();
    this.slots.close();
  }

  /** Lets time pass until `ms` since the begin. */
  runTo(ms: number): this {
    this.scheduler.maxFrames = ms;
    this.scheduler.flush();
    this.scheduler.frame = ms;
    return this;
  }

  leave(): void {
    this.#subscription.unsubscribe();
    this.breakers.stop();
    this.pauses.stop();
  }

  /** What happened to a process: `ms type`. */
  story(processId: number): string[] {
    return this.events
      .filter((event) => event.processId === processId)
      .map(({ at, type }) => `${at} ${type}`);
  }

  types(processId: number): string[] {
    return this.events.filter((event) => event.processId === processId).map(({ type }) => type);
  }

  #take(event: CycleEvent): void {
    if (event.type === 'verified') this.#verified.add(event.processId);
    if (['cleared', 'answered', 'attempt-started'].includes(event.type))
      this.#verified.delete(event.processId);
    this.events.push(event);
    this.steps.push(event);
  }

  #createEffects(): CycleEffects {
    const { scheduler, options, world } = this;
    const settings = { ...SETTINGS, ...options.settings };
    return {
      lookUpName: (processId, afterMs) =>
        lookUpName({
          afterMs,
          look: () => world.read(() => world.find(processId)),
          onError: () => {},
          scheduler,
          random: () => 0.5,
        }),
      meetName: () => {},
      admit: (name) =>
        admit(name, {
          defaults: settings,
          byName: options.sections ?? new Map(),
          exclude: options.exclude ?? [],
          onlyListed: false,
        }),
      pauseOf: (name, processId) => this.pauses.activeFor(name, processId),
      runPreRestart: (target) => world.preRestart(target),
      restart: (target, onBegun, slot, since) => world.restart(target, onBegun, slot, since),
      checkHealth: (target, report) => world.checkHealth(target, report),
      findRun: (_target, report) => world.findRun(report),
      findRunBegin: (target) => of(options.runBegin?.(target)),
      watchRun: (run, forMs) => world.watchRun(run, forMs),
      isStillRaised: (processId) => world.read(() => this.table.visible(processId).alarma === 1),
      findRaised: (processId, onMiss) =>
        options.relayLagMs &&
        lookUpName({
          look: () =>
            world
              .read(() => this.table.visible(processId).alarma === 1 || undefined)
              .pipe(tap((found: true | undefined) => found ?? onMiss())),
          onError: () => {},
          scheduler,
          random: () => 0.5,
        }).pipe(map((found) => found !== undefined)),
      isRelayed: () => options.relayLagMs !== undefined,
      acknowledges: () => options.acknowledges?.() ?? true,
      writeRow: (write, processId, notes) => world.write(write, processId, notes),
      composeNote: (outcome, text) => formatNote(outcome, this.#wallNow(), text),
      isStreaming: () => this.#isStreaming.value,
      streamLagMs: () => options.relayLagMs?.() ?? 0,
      changesShown: (processId) =>
        options.showsChanges !== false && this.#isStreaming.value
          ? { ...this.#shown, since: Math.max(this.#shown.since, this.#hiddenAt.get(processId) ?? 0) }
          : undefined,
      serverChanged: this.serverChanged,
      isClearInDoubt: (processId) => options.clearsInDoubt?.includes(processId) ?? false,
      wasVerified: (processId) => this.#verified.has(processId),
      isUnproven: (processId) => options.unprovenBefore?.includes(processId) ?? false,
      wasRestartedWith: () => options.restartedWithBefore ?? false,
      breaker: this.breakers,
      slots: this.slots,
      order: this.order,
      scheduler,
      wallNow: () => this.#wallNow(),
      random: () => 0.5,
    };
  }

  /** ms since the begin, by the wall clock. */
  #wallNow(): number {
    return this.now + this.#wallAheadMs;
  }

  #writeToBinlog(commit: Commit): void {
    if (!this.#isStreaming.value || commit.isUnlogged) return;
    this.#lastEventAt = Math.max(this.#lastEventAt, this.now + (this.options.eventAfterMs?.() ?? 1));
    this.scheduler.schedule(() => {
      if (!this.#isStreaming.value) return;
      this.#shown = { ...this.#shown, upTo: commit.at };
      this.#tell(commit);
    }, this.#lastEventAt - this.now);
  }

  #tell(commit: Commit): void {
    const { processId } = commit;
    const format = this.options.format ?? 'row';
    if (format === 'statement') {
      this.stream.next(
        commit.isOurs ? { kind: 'own-statement', processId } : { kind: 'hidden', namesTable: true },
      );
      return;
    }
    const meaning = meaningOf(commit, format);
    if (meaning.kind === 'nothing') return;
    if (meaning.kind !== 'unusable' && !commit.isOurs)
      this.changesSeen.push({ at: this.now, processId, kind: meaning.kind });
    if (meaning.kind === 'raised') this.stream.next(meaning);
    else if (meaning.kind === 'lowered') this.stream.next({ kind: 'lowered', lowering: meaning });
    else
      this.stream.next({
        kind: 'hidden',
        namesTable: true,
        ...(meaning.processIds && { concerns: meaning.processIds }),
      });
  }
}
