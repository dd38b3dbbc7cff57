import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { LogFeed } from './log-feed.js';

const PROGRAM = fileURLToPath(new URL('../bin/monitor_service', import.meta.url));
const STOP_DEADLINE_MS = 5000;

interface RunningService {
  readonly commandLine: string;
  /** Ends it as systemd would. */
  stop(): Promise<void>;
}

/** Runs the real service as a child and feeds its log. Ctrl-C does not reach it: the demo ends it. */
export function startService(configFile: string, feed: LogFeed): RunningService {
  const args = ['run', '--config', configFile];
  const env = { ...process.env };
  // Under systemd the service would log for the journal.
  delete env.JOURNAL_STREAM;
  delete env.NOTIFY_SOCKET;
  const child = spawn(PROGRAM, args, { detached: true, stdio: ['ignore', 'pipe', 'pipe'], env });

  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint = `${complaint}${text}`.slice(-2000);
  });
  child.on('error', (error) => feed.end(`the service cannot be started: ${error.message}`));
  child.on('close', (code, signal) => {
    feed.end(
      `the service has ended (${signal ?? `exit code ${code}`})${complaint && `: ${complaint.trim()}`}`,
    );
  });
  createInterface({ input: child.stdout }).on('line', (line) => feed.take(line));
  return { commandLine: `bin/monitor_service ${args.join(' ')}`, stop: () => stop(child) };
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const closed = once(child, 'close', { signal: AbortSignal.timeout(STOP_DEADLINE_MS) });
  child.kill('SIGTERM');
  await closed.catch(() => {
    throw new Error(`the service did not end within ${STOP_DEADLINE_MS / 1000} s of SIGTERM`);
  });
}
