import { RestartError } from '../../../domain/cycle/restart-target.js';
import { describeError } from '../../../domain/errors.js';
import { childEnvironment } from '../../commands/command-environment.js';
import { OutputTail } from '../../commands/output-tail.js';
import type { JobWait } from '../systemd-client.js';

export interface ProgramResult {
  readonly ended: 'exited' | 'timed-out' | 'aborted';
  readonly exitCode: number;
  readonly stdout: string;
  /** The first line of stderr; systemctl writes advice below it. */
  readonly message: string;
}

interface ProgramWait extends JobWait {
  /** Keeps only the last so many bytes of its output, where others decide how much there is. Default: all of it. */
  readonly tailBytes?: number;
}

/**
 * Runs one of the programs of systemd, which end by themselves and leave nothing behind. execa is loaded at the first
 * use, because the bus needs no program. Throws RestartError if the program cannot be run.
 */
export async function runProgram(
  file: 'systemctl' | 'systemd-run' | 'journalctl',
  args: readonly string[],
  { timeoutMs, signal, tailBytes }: ProgramWait,
): Promise<ProgramResult> {
  const { execa } = await import('execa');
  const running = execa(file, args, {
    reject: false,
    stdin: 'ignore',
    buffer: { stdout: tailBytes === undefined },
    timeout: Math.max(1, timeoutMs),
    ...(signal && { cancelSignal: signal }),
    extendEnv: false,
    env: { ...childEnvironment(process.env), LC_ALL: 'C', SYSTEMD_COLORS: '0' },
  });
  const tail = tailBytes === undefined ? undefined : new OutputTail(tailBytes);
  if (tail) running.stdout.on('data', (chunk: Buffer) => tail.push(chunk));
  const result = await running;
  const ended = result.timedOut ? 'timed-out' : result.isCanceled ? 'aborted' : 'exited';
  if (ended === 'exited' && result.exitCode === undefined) {
    throw new RestartError(`cannot run ${file}: ${describeError(result.cause ?? result)}`, true);
  }
  const message = result.stderr.trim().split('\n')[0] ?? '';
  // As execa does it: without the line feed at the end.
  const stdout = tail ? tail.toString().replace(/\n$/, '') : (result.stdout ?? '');
  return { ended, exitCode: result.exitCode ?? -1, stdout, message };
}
