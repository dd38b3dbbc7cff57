import type { BreakerLimits } from '../../../src/domain/cycle/circuit-breaker.js';
import type { ProcessSettings } from '../../../src/domain/cycle/process-settings.js';
import type {
  HealthVerdict,
  RestartReport,
  RestartTarget,
} from '../../../src/domain/cycle/restart-target.js';
import type { RowWrite } from '../../../src/streams/cycle/effects.js';
import { DEFAULT_CONFIG } from '../default-config.js';
import type { BinlogFormat } from './simulated-table.js';

export const SETTINGS: ProcessSettings = { ...DEFAULT_CONFIG.processes.defaults, stableForMs: 0 };

export const HEALTHY: HealthVerdict = { healthy: true, detail: 'active' };
export const UNHEALTHY: HealthVerdict = { healthy: false, reason: 'exit 1' };

/** What one effect does: how long it takes, ms, and how it ends. */
export interface Doing {
  readonly takesMs: number;
  readonly error?: Error;
}

export interface SimulatedRun {
  readonly endsAfterMs?: number;
  readonly isSelfReporting?: boolean;
  /** `restart`: the restart itself tells of it; `look`: it is found afterwards; `nobody`: it cannot be told. */
  readonly toldBy?: 'restart' | 'look' | 'nobody';
  /** Whoever watches it gets this error. */
  readonly watchError?: Error;
}

export interface WorldOptions {
  readonly settings?: Partial<ProcessSettings>;
  readonly sections?: ReadonlyMap<string, ProcessSettings>;
  readonly exclude?: readonly string[];
  /** By process_id; null where the row belongs to another host. */
  readonly names?: ReadonlyMap<number, string | null>;
  readonly maxParallel?: number;
  /** Rows of a page, and how many cycles there may be. */
  readonly capacity?: { readonly page: number; readonly fromTable: number; readonly total: number };
  /** How many cycles may wait for others (R35). */
  readonly maxWaiting?: number;
  readonly maxFailures?: number;
  readonly resetTimeMs?: number;
  /** Limits of the breaker that only its own tests are about. */
  readonly flapping?: Partial<Pick<BreakerLimits, 'resetMaxMs' | 'maxRestarts' | 'restartWindowMs'>>;
  /** The table is shared with other hosts. */
  readonly isFleet?: boolean;
  readonly checkIntervalMs?: number;
  readonly fallbackIntervalMs?: number;
  readonly format?: BinlogFormat;
  /** Processes that an earlier run of the service verified (R11). */
  readonly verifiedBefore?: readonly number[];
  /** Processes whose clear may be lost with the server before (R37). */
  readonly clearsInDoubt?: readonly number[];
  /** Whether the service writes to the table; it does where nothing is said. */
  readonly acknowledges?: () => boolean;
  /** Processes whose alarm an earlier run of the service answered and left raised. */
  readonly answeredBefore?: readonly number[];
  /** ms from a commit to its event. */
  readonly eventAfterMs?: () => number;
  /** The events come through a relay, which is so far behind by its own measure, ms. */
  readonly relayLagMs?: () => number;
  /** False: whatever comes, the binlog may hide changes. */
  readonly showsChanges?: boolean;
  /** ms from a commit to its being visible to a SELECT. */
  readonly visibleAfterMs?: () => number;
  readonly readMs?: () => number;
  readonly preRestart?: (target: RestartTarget) => Doing;
  /** ms from the start of a restart until it tells that it has begun, and again 1 ms later; absent: it tells nothing. */
  readonly beginsAfterMs?: number;
  readonly restart?: (target: RestartTarget) => Doing;
  /** ms that a restart only waits after it has run, without its slot; absent: it does not. */
  readonly idlesMs?: (target: RestartTarget) => number;
  readonly health?: (
    target: RestartTarget,
    report: RestartReport | undefined,
  ) => { readonly takesMs: number; readonly verdict: HealthVerdict };
  /** The run that a restart begins: when it ends by itself, and why; for ever where nothing is said. */
  readonly run?: (target: RestartTarget) => SimulatedRun;
  /** Processes that an earlier run of the service restarted, and did not prove (R30). */
  readonly unprovenBefore?: readonly number[];
  /** When the present run of its unit began, ms. */
  readonly runBegin?: (target: RestartTarget) => number | undefined;
  /** An earlier run restarted the process for `restart_with`, and did not prove it. */
  readonly restartedWithBefore?: boolean;
  /** `lost`: the row is written, the answer does not arrive. */
  readonly write?: (write: RowWrite, processId: number) => Doing & { readonly lost?: boolean };
  /** Whether SELECTs are answered now. */
  readonly canRead?: () => boolean;
}
