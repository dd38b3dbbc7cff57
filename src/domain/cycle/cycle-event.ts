import type { Alarm } from '../alarm/alarm.js';
import type { Flapping } from './circuit-breaker.js';
import type { Pause } from './pause.js';
import type { RestartReport } from './restart-target.js';

/** The process of a cycle event. */
interface ProcessRef {
  readonly processId: number;
  readonly processName: string;
}

/** A process that another one waits for. */
export interface WaitedFor {
  readonly processName: string;
  /** Why no cycle answers its alarm now; absent if one does. */
  readonly reason?: string;
}

/** The steps of a cycle that can fail. */
export type CycleStep = 'pre-restart' | 'restart' | 'verify';

/** What can happen in a cycle. Log, state, metrics and status share these events. */
export type CycleEventData =
  | { readonly type: 'detected'; readonly alarm: Alarm }
  | { readonly type: 'refused'; readonly alarm: Alarm; readonly reason: string; readonly remedy?: string }
  | { readonly type: 'excluded'; readonly alarm: Alarm }
  /** The alarm stays raised until the pause is over. */
  | { readonly type: 'paused'; readonly alarm: Alarm; readonly pause: Pause }
  | {
      readonly type: 'skipped-open';
      readonly failures: number;
      readonly retryAt: number;
      /** Present if flapping opened it. */
      readonly flapping?: Flapping;
    }
  /** Too many restarts: the breaker opened, and this cycle restarts nothing (R34). */
  | ({ readonly type: 'flapping'; readonly retryAt: number } & Flapping)
  /** The alarms of these processes are handled first (R35). Emitted again when they change. */
  | { readonly type: 'waiting'; readonly waitsFor: readonly WaitedFor[] }
  /**
   * It would have to wait for these, but too many cycles wait: its alarm is met again at the next `check_interval`
   * (R35).
   */
  | { readonly type: 'postponed'; readonly waitsFor: readonly WaitedFor[] }
  /** Only if there is such a command. */
  | { readonly type: 'pre-restart-started' }
  | { readonly type: 'attempt-started'; readonly attempt: number; readonly maxAttempts: number }
  /** The command runs, the job was given to systemd, or the first process is being stopped. */
  | { readonly type: 'restart-begun'; readonly attempt: number }
  | {
      readonly type: 'restarted';
      readonly attempt: number;
      readonly report: RestartReport;
      readonly tookMs: number;
    }
  | {
      readonly type: 'attempt-failed';
      readonly attempt: number;
      readonly maxAttempts: number;
      readonly step: CycleStep;
      readonly reason: string;
    }
  | {
      readonly type: 'verified';
      readonly attempt: number;
      readonly report: RestartReport;
      readonly detail: string;
      readonly tookMs: number;
    }
  /**
   * The service stops before `stable_for` is over. The next run begins with a health check, not with a restart (R30).
   */
  | { readonly type: 'unproven'; readonly attempt: number; readonly report: RestartReport }
  /** The one health check of a follow-up; `alarm.raised` says whether the new raise is certain (R7). */
  | {
      readonly type: 'rechecked';
      readonly alarm: Alarm;
      readonly healthy: boolean;
      readonly detail: string;
      /** No follow-up: the unit was started by somebody else after the alarm was raised (R35). */
      readonly isRestarted?: true;
    }
  | {
      readonly type: 'exhausted';
      /** The restart was asked for, with or without an alarm. */
      readonly isManual?: true;
      readonly step: CycleStep;
      readonly reason: string;
      readonly attempts: number;
    }
  | { readonly type: 'withdrawn' }
  /** A relay told a raise that is no longer raised on the primary: it was answered or taken back meanwhile (R38). */
  | { readonly type: 'told-late' }
  | { readonly type: 'opened'; readonly failures: number; readonly retryAt: number }
  /** The escalation command that the opening of the breaker began has ended; `reason`: why it failed. */
  | { readonly type: 'escalated'; readonly tookMs: number; readonly reason?: string }
  | { readonly type: 'half-opened' }
  /** A successful cycle closed it, or the administrator `by`. */
  | { readonly type: 'closed'; readonly by?: string }
  /** Handled, and left raised in the table, to which the service does not write (`acknowledge = none`). */
  | { readonly type: 'answered'; readonly notes: string }
  | {
      readonly type: 'cleared';
      /** False: the alarm was no longer raised. */
      readonly changed: boolean;
      /** An earlier try may have succeeded without its answer arriving. */
      readonly retried?: true;
      readonly notes: string;
      readonly tookMs: number;
    }
  | { readonly type: 'noted'; readonly changed: boolean; readonly notes: string }
  | {
      readonly type: 'write-failed';
      readonly what: 'clear' | 'note';
      readonly reason: string;
      readonly attempt: number;
    }
  | { readonly type: 'faulted'; readonly reason: string };

/** One thing that happened to one process, at `at` ms since the epoch. */
export type CycleEvent = ProcessRef & { readonly at: number } & CycleEventData;
