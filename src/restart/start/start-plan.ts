import type { Observable } from 'rxjs';
import type { Credentials } from '../processes/process-info.js';
import type { ProcessTraits } from '../processes/process-traits.js';
import type { Outputs } from './capture-outputs.js';

/** How a daemon is started again (R18). */
export type StartPlan =
  /** The start command of the configuration file, `%s` already put in: run by /bin/sh (R15). */
  { readonly kind: 'command'; readonly command: string } | ProgramStart;

/** One program, as it ran when it was last seen. */
export interface ProgramStart {
  readonly kind: 'program';
  /** Absolute path. */
  readonly file: string;
  /** Without argv[0]. */
  readonly args: readonly string[];
  readonly argv0: string;
  readonly cwd: string;
  /** Device and inode of it, where another user could put something else in its place meanwhile. */
  readonly cwdInode?: string;
  readonly env: Readonly<Record<string, string>>;
  /** Absent: as this service. */
  readonly credentials?: Credentials;
  readonly umask?: number;
  /** Absent: neither is a file that can be opened again. */
  readonly outputs?: Outputs;
  readonly traits: StartTraits;
}

/** The traits that a start gives (R28); what is absent is as it is without it. */
export interface StartTraits
  extends Pick<
    ProcessTraits,
    'nice' | 'policy' | 'realtimePriority' | 'io' | 'oomScoreAdjust' | 'limits' | 'noNewPrivileges'
  > {
  /** A list: `0-3,5`. */
  readonly cpus?: string;
  /** Sets of capabilities, in hexadecimal digits. */
  readonly bounding?: string;
  readonly ambient?: string;
  readonly label?: string;
}

/** How to tell what a start is at. */
export interface StartedDaemon {
  /** For messages and logs, e.g. `pid 955` or `process-monitor-mailer-3f9c12ab.service`. */
  readonly name: string;
  /** What it is at now, and each change. */
  readonly states: Observable<DaemonState>;
  /** Ends what was started, whatever of it is left. */
  stop(): Promise<void>;
}

export type DaemonState =
  | { readonly state: 'running'; readonly pid: number }
  /** It ended without an error: a daemon may have been left behind. */
  | { readonly state: 'done' }
  | { readonly state: 'failed'; readonly reason: string };
