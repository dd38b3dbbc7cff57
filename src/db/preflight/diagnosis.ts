/** One problem of the server's configuration (R6). */
export interface Diagnosis {
  /**
   * `fatal`: alarms cannot be read or cleared. `fatal-for-stream`: the service only polls. `warning`: it works, but not
   * as well as it could.
   */
  readonly severity: 'fatal' | 'fatal-for-stream' | 'warning';
  readonly message: string;
  /** The command or setting that helps, ready to paste. */
  readonly remedy: string;
  /** It explains why rows of our tables cannot be read from the binlog. */
  readonly hidesRows?: true;
  /** The server may not write at the moment. */
  readonly isAboutWriting?: true;
}
