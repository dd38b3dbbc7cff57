import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('guardian-process.mjs', import.meta.url));

/** Runs one server at a time for us, and ends it should we not be able to. */
interface Guardian {
  /** Starts the server; `exited` says how it ended, whenever it does. */
  start(program: string, args: readonly string[]): Promise<{ readonly exited: Promise<string> }>;
  /** Pid of the server; throws where none runs. */
  pid(): number;
  running(): boolean;
  /** Has reached the server when it returns; does nothing where none runs. */
  signal(signal: NodeJS.Signals): void;
  /** False where the server still runs after that time. */
  exitedWithin(deadlineMs: number): Promise<boolean>;
  /** Kills the server, removes the directory, and waits for both. */
  end(): Promise<void>;
}

interface Message {
  readonly pid?: number;
  readonly exit?: string;
  readonly failed?: string;
}

interface Run {
  readonly pid: number;
  readonly exited: Promise<string>;
}

/** Starts the process that guards the directory, and waits until it does. */
export async function startGuardian(directory: string): Promise<Guardian> {
  // Detached: a Ctrl-C in the terminal must reach the tests, not the one who cleans up after them.
  const child = spawn(process.execPath, [PROGRAM, directory], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    detached: true,
  });
  const ended = once(child, 'exit');
  await Promise.race([once(child, 'message'), ended]);
  if (child.exitCode !== null) throw new Error(`${PROGRAM} ended with exit code ${child.exitCode}`);

  let run: Run | undefined;

  return {
    async start(program, args) {
      if (run !== undefined) throw new Error(`the server still runs as pid ${run.pid}`);
      const started = await startThrough(child, program, args);
      run = started;
      void started.exited.then(() => {
        run = undefined;
      });
      return started;
    },
    pid() {
      if (run === undefined) throw new Error('the private server does not run');
      return run.pid;
    },
    running: () => run !== undefined,
    signal(signal) {
      if (run === undefined) return;
      try {
        process.kill(run.pid, signal);
      } catch {
        // It ended, and the message that says so is on its way.
      }
    },
    async exitedWithin(deadlineMs) {
      if (run === undefined) return true;
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<boolean>((resolve) => {
        timer = setTimeout(() => resolve(false), deadlineMs);
      });
      const inTime = await Promise.race([run.exited.then(() => true), late]);
      clearTimeout(timer);
      return inTime;
    },
    async end() {
      if (child.connected) child.disconnect();
      await ended;
    },
  };
}

/** @throws Error where the program cannot be run at all. */
function startThrough(child: ChildProcess, program: string, args: readonly string[]): Promise<Run> {
  return new Promise((resolve, reject) => {
    let tellExit: (how: string) => void = () => {};
    const exited = new Promise<string>((tell) => {
      tellExit = tell;
    });
    const listen = ({ pid, exit, failed }: Message): void => {
      if (pid !== undefined) {
        resolve({ pid, exited });
        return;
      }
      finish(exit ?? failed ?? 'for an unknown reason');
      if (failed !== undefined) reject(new Error(`cannot start ${program}: ${failed}`));
    };
    const guardianGone = (): void => finish('with its guardian');
    const finish = (how: string): void => {
      child.off('message', listen);
      child.off('exit', guardianGone);
      tellExit(how);
    };
    child.on('message', listen);
    child.on('exit', guardianGone);
    child.send({ start: [program, ...args] });
  });
}
