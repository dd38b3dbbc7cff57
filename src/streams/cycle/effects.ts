import type { Observable, SchedulerLike } from 'rxjs';
import type { Alarm } from '../../domain/alarm/alarm.js';
import type { NotePrefix } from '../../domain/alarm/note-texts.js';
import type { KnownProcess } from '../../domain/alarm/table-rows.js';
import type { Admission } from '../../domain/cycle/admission.js';
import type { CycleOutcome, Flapping, GuardedProcess, Permit } from '../../domain/cycle/circuit-breaker.js';
import type { Pause } from '../../domain/cycle/pause.js';
import type {
  HealthVerdict,
  RestartReport,
  RestartTarget,
  RunInfo,
} from '../../domain/cycle/restart-target.js';
import type { RestartSlots, Slot } from '../../operators/restart-slots.js';
import type { WaitsInOrder } from '../waits-in-order.js';

/**
 * How a row of STATUS_PROCESS is written. `clear` and `note` change it only if the alarm is raised, `raise` only if
 * it is not.
 */
export type RowWrite = 'clear' | 'note' | 'raise';

/**
 * Everything that a cycle does to the outside world, as functions that return Observables. Unsubscribing ends what
 * runs.
 */
export interface CycleEffects extends CycleNames, CycleHost, CycleRow, CycleStream, EarlierRun {
  readonly breaker: CircuitBreakers;
  readonly slots: RestartSlots;
  readonly order: WaitsInOrder;
  /** Its `now` is the steady clock, which nobody can set, ms: for waits, and for what came first. */
  readonly scheduler: SchedulerLike;
  /** The wall clock, ms since the epoch: for people. */
  readonly wallNow: () => number;
  readonly random: () => number;
}

/** Who the process is, and whether anything may be done for it. */
export interface CycleNames {
  /** Reads the row of PROCESE, first after so many ms; undefined if there is none. Emits once. */
  readonly lookUpName: (processId: number, afterMs: number) => Observable<KnownProcess | undefined>;
  /** The name of this process_id, before anything is done for it: what was kept for another name is forgotten. */
  readonly meetName: (processId: number, processName: string) => void;
  readonly admit: (processName: string) => Admission;
  /** The pause that applies to this process now. */
  readonly pauseOf: (processName: string, processId: number) => Pause | undefined;
}

/** What runs on this host: commands, restarts, health checks. */
export interface CycleHost {
  /** Runs the pre-restart command, if there is one. Completes when it has succeeded. */
  readonly runPreRestart: (target: RestartTarget) => Observable<void>;
  readonly restart: (
    target: RestartTarget,
    onBegun: () => void,
    slot: Slot,
    since: number,
  ) => Observable<RestartReport>;
  /** One health check. Whatever can hang in it is given up after `timeoutMs`, but for the questions to this host. */
  readonly checkHealth: (
    target: RestartTarget,
    report: RestartReport | undefined,
    timeoutMs: number,
  ) => Observable<HealthVerdict>;
  /** Finds the run that the restart has begun, and says whether `stable_for` applies to it. Looks once. */
  readonly findRun: (target: RestartTarget, report: RestartReport) => Observable<RunInfo>;
  /** When the present run of the process's unit began, ms of the steady clock; undefined if that is not known. */
  readonly findRunBegin: (target: RestartTarget) => Observable<number | undefined>;
  /** Emits once: the reason why this run has ended, or undefined if it is still the same run after `forMs` (R30). */
  readonly watchRun: (run: RunInfo['run'], forMs: number) => Observable<string | undefined>;
}

/** The row of the process in STATUS_PROCESS, read and written. */
export interface CycleRow {
  readonly isStillRaised: (processId: number) => Observable<boolean>;
  readonly findRaised: (processId: number, onMiss: () => void) => Observable<boolean> | undefined;
  /** Whether the service writes to the table. If not, a handled alarm stays raised. */
  readonly acknowledges: () => boolean;
  /** Tries once; emits whether a row was changed. */
  readonly writeRow: (write: RowWrite, processId: number, notes: string) => Observable<boolean>;
  readonly composeNote: (outcome: NotePrefix, text: string) => string;
  /** Emits when the table is read and written on another server from now on, or may be written again. */
  readonly serverChanged: Observable<unknown>;
  /** Whether our last clear may be lost with the server before, and the alarm be raised again by that alone (R37). */
  readonly isClearInDoubt: (processId: number) => boolean;
}

/** How far the binlog can be relied on. */
export interface CycleStream {
  /** Whether the stream comes from a relay, which may tell a raise after a reading has found it. */
  readonly isRelayed: () => boolean;
  /** Whether our own writes come back through the binlog. */
  readonly isStreaming: () => boolean;
  /** How far that way is behind, in ms: 0 unless it leads through a relay. */
  readonly streamLagMs: () => number;
  /** From when and up to when every change of this row has been shown, ms of the steady clock. */
  readonly changesShown: (processId: number) => { readonly since: number; readonly upTo: number } | undefined;
}

/** What an earlier run of the service has done for a process. */
export interface EarlierRun {
  /** Whether an earlier run verified this process as healthy and may have died before it cleared the alarm (R11). */
  readonly wasVerified: (processId: number) => boolean;
  /** Whether an earlier run restarted this process and ended before `stable_for` was over (R30). */
  readonly isUnproven: (processId: number) => boolean;
  /** Whether an earlier run has restarted this process for `restart_with`, and ended before its verdict (R35). */
  readonly wasRestartedWith: (alarm: Alarm) => boolean;
}

/** The circuit breakers of all processes. `report` returns the change of state, which the caller emits as an event. */
interface CircuitBreakers {
  /** `opened`: the process flaps, and that opened its breaker just now (R34). */
  readonly request: (
    process: GuardedProcess,
    isManual: boolean,
  ) => { readonly permit: Permit | undefined; readonly opened: boolean };
  readonly report: (
    process: GuardedProcess,
    permit: Permit,
    outcome: CycleOutcome,
  ) => BreakerTransition | undefined;
  readonly isOpen: (processId: number) => boolean;
  /** A restart begins that is not manual. */
  readonly noteRestart: (systemName: string) => void;
  /** How many cycles failed in a row, when an open breaker becomes half-open (ms since the epoch), and the restarts that opened it. */
  readonly describe: (processId: number) => {
    readonly failures: number;
    readonly retryAt: number;
    readonly flapping?: Flapping;
  };
}

type BreakerTransition = 'opened' | 'closed';
