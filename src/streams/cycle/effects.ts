import type { Observable, SchedulerLike } from 'rxjs';
import type { NotePrefix } from '../../domain/alarm/note-texts.js';
import type { KnownProcess } from '../../domain/alarm/table-rows.js';
import type { Admission } from '../../domain/cycle/admission.js';
import type { CycleOutcome, Permit } from '../../domain/cycle/circuit-breaker.js';
import type { Pause } from '../../domain/cycle/pause.js';
import type {
  HealthVerdict,
  RestartReport,
  RestartTarget,
  RunInfo,
} from '../../domain/cycle/restart-target.js';
import type { KeyedSemaphore } from '../../operators/keyed-semaphore.js';

/** How a row of STATUS_PROCESS is written: `clear` and `note` only where the alarm stands, `raise` only where not. */
export type RowWrite = 'clear' | 'note' | 'raise';

/** Everything a cycle does to the world, as functions that return Observables; unsubscribing ends what runs. */
export interface CycleEffects {
  /** The process by its row in PROCESE, undefined where there is none. Emits once. */
  readonly lookUpName: (processId: number) => Observable<KnownProcess | undefined>;
  readonly admit: (processName: string) => Admission;
  /** The pause that holds this process now. */
  readonly pauseOf: (processName: string) => Pause | undefined;
  /** Completes when the pre-restart command has succeeded, at once where there is none. */
  readonly runPreRestart: (target: RestartTarget) => Observable<void>;
  /** Calls `onBegun` when the restart no longer prepares itself: its command runs, or its job was given to systemd. */
  readonly restart: (target: RestartTarget, onBegun: () => void) => Observable<RestartReport>;
  /** One health check that answers within `timeoutMs`. */
  readonly checkHealth: (
    target: RestartTarget,
    report: RestartReport | undefined,
    timeoutMs: number,
  ) => Observable<HealthVerdict>;
  /** Which run the restart began, and whether it needs `stable_for`. Looks once. */
  readonly findRun: (target: RestartTarget, report: RestartReport) => Observable<RunInfo>;
  /** Emits once: why this run has ended, or undefined when it is still the same after `forMs` (R30). */
  readonly watchRun: (run: RunInfo['run'], forMs: number) => Observable<string | undefined>;
  readonly isStillRaised: (processId: number) => Observable<boolean>;
  /** Whether the service writes to the table; where it may not, an answered alarm stays raised. */
  readonly acknowledges: () => boolean;
  /** One try; emits whether a row was changed. */
  readonly writeRow: (write: RowWrite, processId: number, notes: string) => Observable<boolean>;
  readonly composeNote: (outcome: NotePrefix, text: string) => string;
  /** Whether our own writes come back through the binlog. */
  readonly isStreaming: () => boolean;
  /** Whether an earlier run of the service verified this process and may have died before it cleared the alarm (R11). */
  readonly wasVerified: (processId: number) => boolean;
  /** Whether an earlier run restarted this process, and ended before it was proven to go on running (R30). */
  readonly isUnproven: (processId: number) => boolean;
  readonly breaker: CircuitBreakers;
  readonly slots: KeyedSemaphore;
  readonly scheduler: SchedulerLike;
  readonly random: () => number;
}

/** The breakers of all processes; transitions are told to the caller, who tells them on as events. */
interface CircuitBreakers {
  readonly request: (processId: number) => Permit | undefined;
  readonly report: (
    processId: number,
    permit: Permit,
    outcome: CycleOutcome,
  ) => BreakerTransition | undefined;
  /** Failures in a row, and when an open breaker will be half-open (ms since the epoch). */
  readonly describe: (processId: number) => { readonly failures: number; readonly retryAt: number };
}

type BreakerTransition = 'opened' | 'closed';
