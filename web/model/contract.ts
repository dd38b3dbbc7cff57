/** The shapes of the page's server: its requests, its answers and its server-sent events. */
export interface Session {
  readonly user?: string;
  /** Goes with every action, against requests that another site makes. */
  readonly token?: string;
  readonly access: 'public' | 'user' | 'none';
  /** False if the service has no password_file. */
  readonly canLogIn: boolean;
  readonly version: string;
}

export interface Pause {
  readonly processName?: string;
  readonly processIds?: readonly number[];
  readonly since: number;
  readonly until?: number;
  readonly by: string;
  readonly maintenance?: string;
  readonly reason?: string;
}

export type Step =
  | 'looking-up'
  | 'checking'
  | 'waiting'
  | 'pre-restart'
  | 'restarting'
  | 'verifying'
  | 'pausing'
  | 'writing';

export interface Flapping {
  readonly restarts: number;
  readonly withinMs: number;
}

/** What a process does this moment. */
export type Activity =
  | {
      readonly kind: 'cycle';
      readonly step: Step;
      readonly since: number;
      readonly trigger: string;
      readonly attempt?: number;
      readonly maxAttempts?: number;
      readonly problem?: string;
      readonly waitsFor?: readonly { readonly processName: string; readonly reason?: string }[];
    }
  | {
      readonly kind: 'paused';
      readonly until?: number;
      readonly by?: string;
      readonly reason?: string;
      readonly maintenance?: string;
    }
  | {
      readonly kind: 'breaker-open';
      readonly retryAt: number;
      readonly failures: number;
      readonly flapping?: Flapping;
    }
  | { readonly kind: 'answered' }
  | { readonly kind: 'refused'; readonly message?: string }
  | { readonly kind: 'excluded' }
  | { readonly kind: 'failed'; readonly at: number; readonly message?: string }
  | { readonly kind: 'pending' };

export interface Breaker {
  readonly state: 'closed' | 'open' | 'half-open';
  readonly failures: number;
  readonly retryAt?: number;
  readonly flapping?: Flapping;
}

export interface Outcome {
  readonly at: number;
  readonly outcome: 'verified' | 'healthy' | 'failed' | 'refused' | 'withdrawn';
  readonly message?: string;
}

export type Verdict =
  | 'restarted'
  | 'failed'
  | 'healthy'
  | 'withdrawn'
  | 'refused'
  | 'paused'
  | 'breaker-open'
  | 'broken-off'
  | 'escalated';

export interface StripCycle {
  readonly at: number;
  readonly verdict: Verdict;
  readonly durationMs: number;
  readonly reactionMs?: number;
}

export interface ProcessRow {
  readonly processId: number;
  readonly processName: string;
  readonly state: 'normal' | 'alarm' | 'working' | 'paused' | 'breaker-open';
  readonly alarmSince?: number;
  readonly activity?: Activity;
  readonly lastOutcome?: Outcome;
  readonly breaker?: Breaker;
  readonly restarts?: { readonly count: number; readonly allowed: number; readonly withinMs: number };
  /** Oldest first. */
  readonly strip?: readonly StripCycle[];
}

export interface ProcessPage {
  readonly total: number;
  readonly matching: number;
  readonly offset: number;
  readonly rows: readonly ProcessRow[];
  readonly problem?: string;
  readonly isCut: boolean;
  readonly counts?: Readonly<Record<'all' | 'alarm' | 'trouble' | 'paused', number>>;
}

interface Span {
  readonly since: number;
  readonly until: number;
}

export interface Maintenance {
  readonly name: string;
  readonly schedule: string;
  readonly processes?: readonly string[];
  readonly reason?: string;
  readonly running?: Span;
  readonly next?: Span;
}

interface StandingAlarm {
  readonly processId: number;
  readonly processName: string;
  readonly since: number;
  readonly activity: Activity;
}

export interface Snapshot {
  /** The server's clock, ms. */
  readonly at: number;
  readonly access: 'public' | 'user';
  readonly user?: string;
  readonly service: {
    readonly version: string;
    readonly startedAt: number;
    readonly isStopping: boolean;
    readonly host?: string;
    readonly refusedConfig?: { readonly at: number; readonly problem?: string };
  };
  readonly stream: {
    readonly state: 'streaming' | 'polling' | 'connecting';
    readonly since: number;
    readonly pollingEveryMs: number;
    readonly lastEventAt?: number;
    readonly server?: string;
    readonly reason?: string;
  };
  readonly database?: {
    readonly server: string;
    readonly serverId: number;
    readonly hostname: string;
    readonly mayWrite: boolean;
    readonly since: number;
  };
  readonly table: { readonly isKnown: boolean; readonly problem?: string };
  readonly counts: Readonly<Record<'alarms' | 'cycles' | 'breakers' | 'pauses', number>>;
  readonly alarms: readonly StandingAlarm[];
  readonly breakers: readonly (Breaker & { readonly processId: number; readonly processName: string })[];
  readonly pauses: readonly Pause[];
  readonly maintenance: readonly Maintenance[];
  readonly hanging: readonly { readonly subject: string; readonly pid: number; readonly since: number }[];
  readonly totals: {
    readonly verified: number;
    readonly healthy: number;
    readonly failed: number;
    readonly restarts: number;
    readonly medianReactionMs?: number;
  };
}

export interface ProcessDetail {
  readonly row: ProcessRow;
  readonly notes: string | null;
  readonly sound: number | null;
  readonly hasSection: boolean;
  readonly settings: readonly { readonly key: string; readonly value: string; readonly isDefault: boolean }[];
  readonly refusal?: string;
  readonly events: readonly ProcessEvent[];
}

export interface ProcessEvent {
  readonly at: number;
  readonly type: string;
  readonly level: 'DEBUG' | 'INFO' | 'WARN' | 'ERROR';
  readonly message: string;
}

export interface HistoryEntry {
  readonly processId: number;
  readonly processName: string;
  readonly trigger: string;
  readonly by?: string;
  readonly seenAt: number;
  readonly reactionMs?: number;
  readonly durationMs: number;
  readonly attempts: number;
  readonly strategy?: string;
  readonly unit?: string;
  readonly verdict: Verdict;
  readonly reason?: string;
}

export interface HistoryPage {
  readonly entries: readonly HistoryEntry[];
  readonly offset: number;
  readonly hasMore: boolean;
}

/** Columns of one length. */
export interface Charts {
  readonly bucketMs: number;
  /** s since the epoch. */
  readonly times: readonly number[];
  readonly alarms: readonly number[];
  readonly restarted: readonly number[];
  readonly failed: readonly number[];
  readonly reactionP50Ms: readonly (number | null)[];
  readonly reactionP95Ms: readonly (number | null)[];
}

export interface AlarmChange {
  readonly processId: number;
  readonly processName: string | null;
  readonly outcome: string;
}

/** A server-sent event. */
export type LiveEvent =
  | { readonly type: 'snapshot'; readonly snapshot: Snapshot }
  | { readonly type: 'change'; readonly change: Partial<Snapshot> }
  | { readonly type: 'rows'; readonly rows: readonly ProcessRow[]; readonly isCut: boolean }
  | { readonly type: 'cycles'; readonly entries: readonly HistoryEntry[]; readonly isCut: boolean };
