import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { NODE, PROGRAM } from './program.js';
import { type ConfigSections, writeConfigFile } from './service/config-file.js';
import { endWithUs } from './service/end-with-us.js';
import { LineWatch, type SeenLine } from './service/line-watch.js';

/** Generous: it says that the daemon hangs, not that it is slow. */
const STOP_DEADLINE_MS = 40_000;

interface DaemonOptions {
  /** Holds configuration, log and state; whoever made it removes it. */
  readonly directory: string;
  /** By section, then key; wins over the defaults, which keep all files in `directory`. */
  readonly config: ConfigSections;
  readonly env?: NodeJS.ProcessEnv;
  /** A command that becomes the daemon, e.g. `unshare`; the pid must stay the same. */
  readonly through?: readonly string[];
}

export interface DaemonExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** The service as a process of its own, built from `src` into `dist`. */
export interface Daemon {
  readonly pid: number;
  readonly configFile: string;
  readonly logFile: string;
  /** Resolves when it has ended and all that it wrote is in `lines`. */
  readonly exit: Promise<DaemonExit>;
  /** All lines of stdout so far. */
  lines(): readonly string[];
  stderr(): string;
  /** The first line that matches, from line `from` on; rejects with the whole log when it does not come. */
  waitForLine(pattern: RegExp, options?: { readonly from?: number }): Promise<SeenLine>;
  /** Waits until the alarms of these processes have been cleared, and tells where the last was. */
  cleared(...names: readonly [string, ...string[]]): Promise<SeenLine>;
  signal(signal: NodeJS.Signals): void;
  /** Replaces the configuration file; the daemon reads it at its next SIGHUP. */
  rewriteConfig(config: ConfigSections): Promise<void>;
  /** Sends SIGTERM and waits for the end; one that hangs is killed. Harmless when it has ended. */
  stop(): Promise<DaemonExit>;
}

/** Starts `monitor_service run`. It ends with this process, also when this process gets SIGKILL. */
export async function startDaemon({
  directory,
  config,
  env = {},
  through = [],
}: DaemonOptions): Promise<Daemon> {
  const configFile = join(directory, 'config.ini');
  const logFile = join(directory, 'log', 'monitor_service.log');
  const rewriteConfig = (sections: ConfigSections) => writeConfigFile(configFile, directory, sections);
  await rewriteConfig(config);

  const [program = NODE, ...args] = [...through, NODE, ...[PROGRAM, 'run', '--config', configFile]];
  const child = spawn(program, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  const closed = once(child, 'close');
  await once(child, 'spawn');
  const { pid } = child;
  if (pid === undefined) throw new Error('the daemon has no pid');
  const guard = endWithUs(pid, directory);

  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const watch = new LineWatch(() => `stderr:\n${stderr}`);
  createInterface(child.stdout).on('line', (line) => watch.take(line));
  const exit = closed.then((): DaemonExit => {
    guard.release();
    watch.end();
    return { code: child.exitCode, signal: child.signalCode };
  });

  const waitForLine = (pattern: RegExp, { from = 0 } = {}): Promise<SeenLine> => watch.waitFor(pattern, from);
  return {
    pid,
    configFile,
    logFile,
    exit,
    lines: () => watch.lines,
    stderr: () => stderr,
    waitForLine,
    async cleared(...names) {
      const seen = await Promise.all(names.map((name) => waitForLine(new RegExp(` ${name}: alarm cleared`))));
      return seen.reduce((last, line) => (line.index > last.index ? line : last));
    },
    signal: (signal) => void child.kill(signal),
    rewriteConfig,
    async stop() {
      child.kill('SIGTERM');
      // A test may have killed it before.
      let hangs = false;
      const timer = setTimeout(() => {
        hangs = true;
        child.kill('SIGKILL');
      }, STOP_DEADLINE_MS);
      const how = await exit;
      clearTimeout(timer);
      if (hangs) throw new Error(`the daemon did not stop\n${watch.text()}`);
      return how;
    },
  };
}
