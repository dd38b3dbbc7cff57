import { isExcluded, systemNameOf } from '../../domain/cycle/admission.js';
import type { Pause } from '../../domain/cycle/pause.js';
import { normalizeUnitName } from '../../domain/system-name.js';
import type { Activity, ProcessRow } from '../../web/contract/processes.js';
import type { AlarmPipeline } from '../alarms/alarm-pipeline.js';
import type { LiveConfig } from '../shared/live-config.js';
import type { PersistentState } from '../state/persistent-state.js';
import type { StatusCollector } from '../status/status-collector.js';
import type { TableState } from '../table/table-state.js';
import type { PastCycles } from './past-cycles.js';

type Access = 'public' | 'user';

/** A process, as the table or the service names it. */
export interface NamedRow {
  readonly processId: number;
  readonly processName: string;
  /** As the table said when it was read. */
  readonly isRaised: boolean;
}

interface ProcessRowsOptions {
  readonly settings: Pick<LiveConfig, 'current'>;
  readonly alarms: Pick<AlarmPipeline, 'isAnswered'>;
  readonly table: TableState;
  readonly state: PersistentState;
  readonly status: StatusCollector;
  readonly past: PastCycles;
}

/** What is shown of a process, from what the service knows this moment. Never asks the database. */
export class ProcessRows {
  constructor(private readonly options: ProcessRowsOptions) {}

  /** Builds rows for one kind of reader. Texts that come from commands, people or the table are for users only. */
  build(processes: readonly NamedRow[], access: Access): ProcessRow[] {
    const restarts = this.options.state.breakers.recentRestarts();
    return processes.map((process) => this.#row(process, access, restarts));
  }

  /** The state alone, which is cheap: a list is sorted by it. */
  stateOf({ processId, processName, isRaised }: NamedRow): ProcessRow['state'] {
    const { state, status } = this.options;
    if (status.cycles.of(processId)) return 'working';
    if (this.#pauseOf(processId, processName)) return 'paused';
    if (state.breakers.isOpen(processId)) return 'breaker-open';
    return this.isRaised(processId, isRaised) ? 'alarm' : 'normal';
  }

  /** If very many alarms are raised, the service keeps only some of them, and the reading counts for the others. */
  isRaised(processId: number, wasRaised: boolean): boolean {
    const { table } = this.options;
    if (table.sinceOf(processId) !== undefined) return true;
    return wasRaised && !table.isComplete;
  }

  /** What the process is doing about its alarm. */
  activityOf(processId: number, processName: string, since: number, access: Access): Activity {
    const { settings, alarms, status } = this.options;
    const told = <T extends object>(texts: T): T | Record<string, never> => (access === 'user' ? texts : {});
    const cycle = status.cycles.of(processId);
    if (cycle) {
      const { step, since: begun, trigger, attempt, maxAttempts, problem, waitsFor } = cycle;
      return {
        ...{ kind: 'cycle', step, since: begun, trigger },
        ...(attempt !== undefined && { attempt }),
        ...(maxAttempts !== undefined && { maxAttempts }),
        ...(problem !== undefined && told({ problem })),
        ...(waitsFor && {
          waitsFor: waitsFor.map(({ processName: name, reason }) => ({
            processName: name,
            ...(reason !== undefined && told({ reason })),
          })),
        }),
      };
    }
    if (alarms.isAnswered(processId)) return { kind: 'answered' };
    const pause = this.#pauseOf(processId, processName);
    if (pause) {
      const { until, by, reason, maintenance } = pause;
      return {
        kind: 'paused',
        ...(until !== undefined && { until }),
        ...told({ by, ...(reason !== undefined && { reason }) }),
        ...(maintenance !== undefined && { maintenance }),
      };
    }
    const open = this.#breakerOf(processId);
    if (open?.state === 'open' && open.retryAt !== undefined) {
      const { retryAt, failures, flapping } = open;
      return { kind: 'breaker-open', retryAt, failures, ...(flapping && { flapping }) };
    }
    const { monitor, processes } = settings.current;
    const names = [processName, systemNameOf(processName, processes)];
    if (names.some((name) => isExcluded(name, monitor.exclude))) return { kind: 'excluded' };
    const last = status.outcomes.of(processId);
    const { message } = last ?? {};
    const texts = message === undefined ? {} : told({ message });
    if (last?.outcome === 'refused') return { kind: 'refused', ...texts };
    if (last?.outcome === 'failed' && last.at >= since) return { kind: 'failed', at: last.at, ...texts };
    return { kind: 'pending' };
  }

  #row(process: NamedRow, access: Access, restarts: ReadonlyMap<string, readonly number[]>): ProcessRow {
    const { settings, table, status, past } = this.options;
    const { processId, processName, isRaised } = process;
    const { monitor, processes } = settings.current;
    const raised = this.isRaised(processId, isRaised);
    const since = table.sinceOf(processId);
    const last = status.outcomes.of(processId);
    const breaker = this.#breakerOf(processId);
    const counted = restarts.get(normalizeUnitName(systemNameOf(processName, processes)));
    const strip = access === 'user' ? past.stripOf(processId) : undefined;
    const isBusy = status.cycles.of(processId) !== undefined;
    return {
      ...{ processId, processName, state: this.stateOf(process) },
      ...(raised && since !== undefined && { alarmSince: since }),
      ...((raised || isBusy) && { activity: this.activityOf(processId, processName, since ?? 0, access) }),
      ...(last && {
        lastOutcome: {
          ...{ at: last.at, outcome: last.outcome },
          ...(access === 'user' && { message: last.message }),
        },
      }),
      ...(breaker && { breaker }),
      ...(counted && {
        restarts: { count: counted.length, allowed: monitor.maxRestarts, withinMs: monitor.restartWindowMs },
      }),
      ...(strip && { strip: [...strip] }),
    };
  }

  /** Undefined for one that is closed and has counted nothing. */
  #breakerOf(processId: number): ProcessRow['breaker'] {
    const { breakers } = this.options.state;
    const { state, failures } = breakers.get(processId);
    if (state === 'closed' && failures === 0) return undefined;
    const { retryAt, flapping } = breakers.describe(processId);
    return { state, failures, ...(state === 'open' && { retryAt, ...(flapping && { flapping }) }) };
  }

  #pauseOf(processId: number, processName: string): Pause | undefined {
    return this.options.state.pauses.activeFor(processName, processId);
  }
}
