/** A row of STATUS_PROCESS with `alarma = 1`. */
export interface StandingAlarm {
  readonly processId: number;
  /** Null where PROCESE has no row for it. */
  readonly processName: string | null;
  readonly notes: string | null;
}

/** What PROCESE knows of a process_id. */
export interface KnownProcess {
  readonly name: string;
  /** False where PROCESE has a `host_id` and it is another host's. */
  readonly isOurs: boolean;
}
