import { type Daemon, startDaemon } from '../../support/daemon.js';
import type { ConfigSections } from '../../support/service/config-file.js';
import { killMarked } from './marked-processes.js';

/** The running service, as far as the lab has to do with it. */
export type LabDaemon = Omit<Daemon, 'cleared' | 'configFile' | 'logFile'>;

/** What starts the service and clears up behind it. */
export interface DaemonRunner {
  start(config: ConfigSections): Promise<LabDaemon>;
  /** After a SIGKILL of the service: ends what systemd would. Answers which commands that were. */
  clearUp(): Promise<readonly number[]>;
  /** Ends whatever it has left. Answers which processes that were, by the pids that they know of themselves. */
  endLeftBehind(): Promise<readonly number[]>;
}

/** Runs it as a process of this machine; the lab is its systemd. */
export function runByHand(directory: string): DaemonRunner {
  const mark = `LAB_OF=${directory}`;
  return {
    start: (config) => startDaemon({ directory, config, env: { LAB_OF: directory } }),
    clearUp: () => killMarked(mark),
    endLeftBehind: () => killMarked(mark),
  };
}
