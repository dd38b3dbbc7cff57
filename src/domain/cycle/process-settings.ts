export const RESTART_STRATEGIES = ['service', 'process', 'auto', 'custom'] as const;

/** How a process is restarted (R17–R20). */
export type RestartStrategyName = (typeof RESTART_STRATEGIES)[number];

/** A TCP port that must accept a connection. */
export interface HealthCheckPort {
  /** Absent: this host. */
  readonly host?: string;
  readonly port: number;
}

/** The merged settings of one process, from `[process.NAME]`, `[process.default]` and the built-in defaults. */
export interface ProcessSettings {
  readonly restartStrategy: RestartStrategyName;
  /** Name of the unit or executable, if it differs from the name in the database. */
  readonly systemName?: string;
  /**
   * The user that the process runs as, by name or number. Processes of other users do not count (R29). Absent: any
   * user.
   */
  readonly processUser?: string;
  readonly preRestartCommand?: string;
  readonly restartCommand?: string;
  readonly startCommand?: string;
  /** Absent: the built-in check, which also handles names over 15 characters (R21). */
  readonly healthCheckCommand?: string;
  /** Replaces the built-in check. All checks that are set must agree. */
  readonly healthCheckUrl?: string;
  /** The one status that is healthy. Absent: 200 to 399. */
  readonly healthCheckStatus?: number;
  readonly healthCheckPort?: HealthCheckPort;
  readonly healthCheckTimeoutMs: number;
  /** Runs once each time the breaker opens. */
  readonly escalationCommand?: string;
  /**
   * How long a restarted process must keep running (R30). Absent: 500 ms, and 0 for a unit that reports itself when
   * it is ready.
   */
  readonly stableForMs?: number;
  /** Pause between the first two attempts. */
  readonly restartDelayMs: number;
  /** Upper limit of the pause, which grows with each attempt (R34). Absent: it stays the same. */
  readonly restartDelayMaxMs?: number;
  readonly maxAttempts: number;
  /** Deadline of one pre-restart, restart or start command (R16). */
  readonly restartTimeoutMs: number;
  /** Time between SIGTERM and SIGKILL in strategy `process` (R18). */
  readonly stopTimeoutMs: number;
  /** If more processes of the name are found, none is restarted: the name probably means something else. */
  readonly maxInstances: number;
  /** Processes whose alarms are answered first (R35). Absent: none. */
  readonly after?: readonly string[];
  /** The same, and they must be healthy again. */
  readonly requires?: readonly string[];
  /** Processes whose verified restart restarts this one as well. */
  readonly restartWith?: readonly string[];
}
