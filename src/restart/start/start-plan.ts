import type { Observable } from 'rxjs';
import type { Credentials, ProcessIdentity } from '../processes/process-info.js';
import type { ProcessTraits } from '../processes/process-traits.js';
import type { Outputs } from './judge-outputs.js';

/** How a daemon is started again (R18). */
export type StartPlan =
  /** The start command of the configuration file, with `%s` replaced. Run by /bin/sh (R15). */
  { readonly kind: 'command'; readonly command: string } | ProgramStart;

/** One program, as it was running when it was last seen. */
export interface ProgramStart {
  readonly kind: 'program';
  /** Absolute path. */
  readonly file: string;
  /** Without argv[0]. */
  readonly args: readonly string[];
  readonly argv0: string;
  readonly cwd: string;
  /** Device and inode of the folder, if another user could have replaced it since. */
  readonly cwdInode?: string;
  readonly env: Readonly<Record<string, string>>;
  /** Absent: the ids of this service. */
  readonly credentials?: Credentials;
  readonly umask?: number;
  /** Absent if neither output is a file that can be opened again. */
  readonly outputs?: Outputs;
  readonly traits: StartTraits;
  /** The process that it was taken from. Absent if the host was booted since. */
  readonly seenAs?: ProcessIdentity;
}

/** The traits that a start sets (R28). An absent one stays at its default. */
export interface StartTraits
  extends Pick<
    ProcessTraits,
    'nice' | 'policy' | 'realtimePriority' | 'io' | 'oomScoreAdjust' | 'limits' | 'noNewPrivileges'
  > {
  /** A list: `0-3,5`. */
  readonly cpus?: string;
  /** Capability sets, in hexadecimal digits. */
  readonly bounding?: string;
  readonly ambient?: string;
  readonly label?: string;
}

/** A daemon that was started, and how to follow it. */
export interface StartedDaemon {
  /** For messages and logs, e.g. `pid 955` or `process-monitor-mailer-3f9c12ab.service`. */
  readonly name: string;
  /** Its current state, and each change. */
  readonly states: Observable<DaemonState>;
  /** Ends everything that is left of it. */
  stop(): Promise<void>;
}

export type DaemonState =
  | { readonly state: 'running'; readonly pid: number }
  /** It ended without an error. It may have left a daemon behind. */
  | { readonly state: 'done' }
  | { readonly state: 'failed'; readonly reason: string };
