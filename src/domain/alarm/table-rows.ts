/** A row of STATUS_PROCESS with `alarma = 1`. */
export interface StandingAlarm {
  readonly processId: number;
  /** Null if PROCESE has no row for it. */
  readonly processName: string | null;
  readonly notes: string | null;
}

/** What PROCESE says about a process_id. */
export interface KnownProcess {
  readonly name: string;
  /** False if PROCESE has a `host_id` and it is another host's. */
  readonly isOurs: boolean;
}
