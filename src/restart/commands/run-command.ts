import { type ChildProcess, spawn } from 'node:child_process';
import { Socket } from 'node:net';
import { Readable } from 'node:stream';
import { withTimeout } from '../../lib/with-timeout.js';
import { readLastPid } from '../processes/procfs.js';
import { childEnvironment, loginVariables } from './command-environment.js';
import { killCommand } from './kill-command.js';
import { mayHaveLeftovers } from './may-have-leftovers.js';
import { OutputTail } from './output-tail.js';
import type { PreforkedShells } from './preforked-shells.js';
import { shellCommand } from './shell-command.js';

/** `shell` is a text of the administrator and may use shell syntax (R15). `argv` is run without a shell. */
type Command = { readonly shell: string } | { readonly argv: readonly [string, ...string[]] };

export interface RunOptions {
  /** The deadline (R16), in ms. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
  /** Default: the environment of this service. What is meant for this service only is removed in any case. */
  readonly env?: NodeJS.ProcessEnv;
  /** Further environment variables for the command. No value may contain a NUL. */
  readonly variables?: Readonly<Record<string, string>>;
  /** The stdin of the command; default: /dev/null. The command need not read it. */
  readonly input?: string;
  readonly cwd?: string;
  /** Called when the command runs. Not called if it could not be started. */
  readonly onStart?: () => void;
  /**
   * What happens to processes that the command leaves in its process group when it ends by itself. Default `keep`: a
   * restart command may leave the daemon behind (`/opt/app/run &`). `killed` is for a health check, which must not
   * leave anything behind.
   */
  readonly leftovers?: 'keep' | 'killed';
  /** Waiting shells. With one of them no fork is needed. */
  readonly spares?: PreforkedShells;
}

export type RunCommand = (command: Command, options: RunOptions) => Promise<CommandResult>;

export type CommandOutcome =
  | { readonly outcome: 'exited'; readonly exitCode: number }
  | { readonly outcome: 'killed'; readonly signal: NodeJS.Signals }
  | { readonly outcome: 'timed-out'; readonly timeoutMs: number; readonly survivors: readonly number[] }
  | { readonly outcome: 'aborted'; readonly survivors: readonly number[] }
  | { readonly outcome: 'not-started'; readonly error: Error };

export type CommandResult = CommandOutcome & {
  /** The last 4 KB of stdout and stderr together, in order of arrival. */
  readonly output: string;
  readonly durationMs: number;
  /** Its own unit, whose output is in the journal. It is in `output` only if the command failed. */
  readonly unit?: string;
};

const OUTPUT_LIMIT = 4096;
/**
 * How long to wait after the exit for output that is still in the pipe, in ms. Does not wait for the end of the pipe,
 * because a daemon that was left behind may keep it open.
 */
const OUTPUT_GRACE_MS = 100;
/** Time between SIGTERM and SIGKILL for a command, in a unit of its own or without one, in ms. */
export const TERM_GRACE_MS = 2000;

/**
 * Runs one command until it ends or its deadline passes (R15, R16). Never rejects. The command leads its own session.
 * At the deadline or on abort the group and every descendant, whatever group it moved to, get SIGTERM and 2 s later
 * SIGKILL. A process that detached itself (its parent has ended) is no descendant any more and keeps running, also
 * after the deadline.
 */
export async function runCommand(command: Command, options: RunOptions): Promise<CommandResult> {
  const startedAt = performance.now();
  const tail = new OutputTail(OUTPUT_LIMIT);
  const outcome = options.signal?.aborted
    ? ({ outcome: 'aborted', survivors: [] } as const)
    : await run(command, options, tail);
  return { ...outcome, output: tail.toString(), durationMs: Math.round(performance.now() - startedAt) };
}

async function run(command: Command, options: RunOptions, tail: OutputTail): Promise<CommandOutcome> {
  const startedAt = performance.now();
  // Everything that the command starts gets a pid after this one.
  const startedAfter = options.leftovers === 'killed' ? readLastPid() : undefined;
  let child: ChildProcess;
  try {
    child = start(command, options);
  } catch (error) {
    // Some errors are thrown (a NUL in an argument, an argument list that is too long), others come as an event.
    return notStarted(error);
  }
  if (child.pid !== undefined) options.onStart?.();
  // A command that does not read its input closes the pipe. That is not an error.
  if (options.input !== undefined) child.stdin?.on('error', () => {}).end(options.input);
  // If no descriptors were left the streams are missing, and the error comes as an event.
  const streams = [child.stdout, child.stderr].filter((stream) => stream instanceof Readable);
  for (const stream of streams) {
    stream.on('data', (chunk: Buffer) => tail.push(chunk));
    stream.on('error', () => {});
  }
  const ended = endOf(child);
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const first = await firstOf(ended, options);
  if (first === 'timed-out' || first === 'aborted') {
    // What the command writes while it is killed explains nothing.
    for (const stream of streams) drain(stream);
    const survivors = await killCommand(child, ended, TERM_GRACE_MS).catch(() => mayLive(child));
    await withTimeout(OUTPUT_GRACE_MS, closed).catch(() => {});
    for (const stream of streams) stream.destroy();
    return first === 'aborted'
      ? { outcome: 'aborted', survivors }
      : { outcome: 'timed-out', timeoutMs: options.timeoutMs, survivors };
  }
  if (options.leftovers === 'killed') {
    const { pid } = child;
    const ageMs = performance.now() - startedAt;
    const mayHave =
      pid === undefined || startedAfter === undefined || mayHaveLeftovers(pid, startedAfter, ageMs);
    if (mayHave) await killCommand(child, ended, 0).catch(() => {});
  }
  await withTimeout(OUTPUT_GRACE_MS, closed).catch(() => {});
  for (const stream of streams) letGo(stream);
  return first;
}

function start(command: Command, options: RunOptions): ChildProcess {
  const { argv, variables: own } =
    'shell' in command ? ofShell(command.shell) : { ...command, variables: {} };
  const { input, env, cwd, spares } = options;
  const variables = { ...options.variables, ...own };
  const isPlain = input === undefined && env === undefined && cwd === undefined;
  const child = (isPlain && spares?.start(argv, variables)) || fork(argv, { ...options, variables });
  spares?.watch(child);
  return child;
}

function ofShell(text: string): ReturnType<typeof shellCommand> {
  const { argv, variables } = shellCommand(text);
  return { argv, variables: { ...loginVariables(), ...variables } };
}

function fork([file, ...args]: readonly [string, ...string[]], options: RunOptions): ChildProcess {
  const { input, env, variables, cwd, spares } = options;
  const given = env ? childEnvironment(env) : (spares?.environment ?? childEnvironment(process.env));
  return spawn(file, args, {
    detached: true,
    stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    env: { ...given, ...variables },
    ...(cwd === undefined ? {} : { cwd }),
  });
}

function endOf(child: ChildProcess): Promise<CommandOutcome> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(notStarted(error)));
    child.once('exit', (exitCode, signal) =>
      resolve(
        signal === null ? { outcome: 'exited', exitCode: exitCode ?? 0 } : { outcome: 'killed', signal },
      ),
    );
  });
}

function notStarted(error: unknown): CommandOutcome {
  return { outcome: 'not-started', error: error instanceof Error ? error : new Error(String(error)) };
}

async function firstOf(
  ended: Promise<CommandOutcome>,
  options: RunOptions,
): Promise<CommandOutcome | 'timed-out' | 'aborted'> {
  let timer: NodeJS.Timeout | undefined;
  let onAbort: (() => void) | undefined;
  const timedOut = new Promise<'timed-out'>((resolve) => {
    // If this process was stopped, the late timer fires before the news that the command ended in time. The news must
    // be handled first.
    const tell = (): void => resolve('timed-out');
    timer = setTimeout(() => setImmediate(() => setImmediate(tell)), options.timeoutMs);
  });
  const aborted = new Promise<'aborted'>((resolve) => {
    onAbort = () => resolve('aborted');
    options.signal?.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([ended, timedOut, aborted]);
  } finally {
    clearTimeout(timer);
    if (onAbort) options.signal?.removeEventListener('abort', onAbort);
  }
}

/** The survivors if /proc cannot tell: the command itself may live. */
function mayLive({ pid }: ChildProcess): number[] {
  return pid === undefined ? [] : [pid];
}

/**
 * A daemon that was left behind may have inherited the pipe. If we closed our end, its next write would kill it
 * (SIGPIPE). So the pipe is read and dropped until the daemon closes it, without keeping this service alive.
 */
function letGo(stream: Readable): void {
  if (stream.closed) return;
  drain(stream);
  if (stream instanceof Socket) stream.unref();
}

function drain(stream: Readable): void {
  stream.removeAllListeners('data');
  stream.resume();
}
