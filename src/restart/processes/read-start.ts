import { CannotTellError, RestartError } from '../../domain/cycle/restart-target.js';
import { parseStrings } from './parse-procfs.js';
import { type ProcFile, readProcFiles } from './read-proc-files.js';

/** The arguments and the environment with which a process was started. */
interface ProcessStart {
  /** An element that is not UTF-8 is undefined. Empty for a zombie. */
  readonly argv: readonly (string | undefined)[];
  /** Variables that are not UTF-8 are left out. */
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Limit for the arguments and for the environment. A process with more is refused, because a part of them would start
 * another program.
 */
const LIMIT_BYTES = 1024 * 1024;

/**
 * Reads arguments and environment of a process; empty if it has gone. Undefined if the kernel does not allow the
 * read. Rejects with CannotTellError if the process gives no answer, and with RestartError if they are too long.
 */
export async function readStart(pid: number): Promise<ProcessStart | undefined> {
  const found = new Map<string, ProcFile>();
  await readProcFiles(
    [
      { pid, file: 'cmdline' },
      { pid, file: 'environ' },
    ],
    LIMIT_BYTES + 1,
    ({ file }, content) => found.set(file, content),
  );
  const [cmdline, environ] = [found.get('cmdline'), found.get('environ')];
  if (cmdline === 'hangs' || environ === 'hangs') {
    throw new CannotTellError(`pid ${pid} hangs: its arguments and environment cannot be read`);
  }
  if (!(cmdline instanceof Buffer) || !(environ instanceof Buffer)) return undefined;
  if (cmdline.length > LIMIT_BYTES || environ.length > LIMIT_BYTES) {
    throw new RestartError(`pid ${pid} has more than 1 MiB of arguments or environment`, false, {
      remedy: 'set start_command for this process',
    });
  }
  return { argv: parseStrings(cmdline), env: parseEnvironment(environ) };
}

/**
 * Reads only the arguments, to show them to a person: the first of them if there are many, none if they cannot be
 * read.
 */
export async function readShownArguments(pid: number): Promise<readonly (string | undefined)[]> {
  let argv: readonly (string | undefined)[] = [];
  await readProcFiles([{ pid, file: 'cmdline' }], SHOWN_BYTES, (_, content) => {
    if (typeof content !== 'string') argv = parseStrings(content);
  });
  return argv;
}

const SHOWN_BYTES = 64 * 1024;

function parseEnvironment(bytes: Buffer): Record<string, string> {
  const environment: Record<string, string> = {};
  for (const assignment of parseStrings(bytes)) {
    const equals = assignment?.indexOf('=') ?? -1;
    if (assignment && equals > 0) environment[assignment.slice(0, equals)] ??= assignment.slice(equals + 1);
  }
  return environment;
}
