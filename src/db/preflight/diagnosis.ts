/** One thing about the server's configuration that an administrator should know (R6). */
export interface Diagnosis {
  /**
   * `fatal`: alarms can be neither read nor cleared. `fatal-for-stream`: the service runs on polling alone.
   * `warning`: it works, but not as well as it could.
   */
  readonly severity: 'fatal' | 'fatal-for-stream' | 'warning';
  readonly message: string;
  /** What to type or to set, ready to paste. */
  readonly remedy: string;
}
