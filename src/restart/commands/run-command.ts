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

/** `shell` is the administrator's text and may use shell syntax (R15); everything else is an argv. */
type Command = { readonly shell: string } | { readonly argv: readonly [string, ...string[]] };

export interface RunOptions {
  /** The deadline (R16), in ms. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
  /** Default: this service's own. What is meant for this service alone is taken out of either. */
  readonly env?: NodeJS.ProcessEnv;
  /** What the command is told, besides its environment. No value may hold a NUL. */
  readonly variables?: Readonly<Record<string, string>>;
  /** What the command reads from stdin; default: nothing, from /dev/null. A command need not read it. */
  readonly input?: string;
  readonly cwd?: string;
  /** Called when the command runs; not at all where it could not be started. */
  readonly onStart?: () => void;
  /**
   * What the command left in its process group when it ended by itself. Default `keep`: a restart command may well
   * leave the daemon behind (`/opt/app/run &`). A health check has nothing to leave behind: `killed`.
   */
  readonly leftovers?: 'keep' | 'killed';
  /** Where there are shells that wait for a command: it need not be forked then. */
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
  /** The last 4 KB of stdout and stderr together, in the order in which they arrived. */
  readonly output: string;
  readonly durationMs: number;
};

const OUTPUT_LIMIT = 4096;
/** After the exit, for output still in the pipe. Its end is not waited for: a daemon left behind may hold it open. */
const OUTPUT_GRACE_MS = 100;
/** SIGTERM has this long before SIGKILL. */
const TERM_GRACE_MS = 2000;

/**
 * Runs one command to its end or its deadline (R15, R16) and never rejects. The command is the
 * leader of a session of its own; at the deadline or on abort the group and every descendant, whatever group it went
 * to, gets SIGTERM and 2 s later SIGKILL. A process that detached itself (its parent has ended) is no descendant any
 * more: it lives on, also past the deadline.
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
  // What the command starts gets a number that is given after this one.
  const startedAfter = options.leftovers === 'killed' ? readLastPid() : undefined;
  let child: ChildProcess;
  try {
    child = start(command, options);
  } catch (error) {
    // Some faults are thrown (a NUL in an argument, too long an argument list), others come as an event.
    return notStarted(error);
  }
  if (child.pid !== undefined) options.onStart?.();
  // A command that does not read its input closes the pipe: that is its business.
  if (options.input !== undefined) child.stdin?.on('error', () => {}).end(options.input);
  // Where no descriptor was left for them they are missing, and the error comes as an event.
  const streams = [child.stdout, child.stderr].filter((stream) => stream instanceof Readable);
  for (const stream of streams) {
    stream.on('data', (chunk: Buffer) => tail.push(chunk));
    stream.on('error', () => {});
  }
  const ended = endOf(child);
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const first = await firstOf(ended, options);
  if (first === 'timed-out' || first === 'aborted') {
    // What the command says to being killed explains nothing.
    for (const stream of streams) drain(stream);
    const survivors = await killCommand(child, ended, TERM_GRACE_MS);
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
    if (mayHave) await killCommand(child, ended, 0);
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
    // When we have stood still, a late timer comes before the news of a command that ended in time: that is heard first.
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

/**
 * A daemon left behind may have inherited the pipe. Closing our end would kill it at its next line (SIGPIPE), so the
 * pipe is read to nowhere until the daemon closes it, without keeping this service from ending.
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
