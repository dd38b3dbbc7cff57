import { CannotTellError, RestartError } from '../../domain/cycle/restart-target.js';
import { parseStrings } from './parse-procfs.js';
import { type ProcFile, readProcFiles } from './read-proc-files.js';

/** What a process was started with. */
interface ProcessStart {
  /** An element is undefined where it is not UTF-8. Empty: a zombie. */
  readonly argv: readonly (string | undefined)[];
  /** Variables that are not UTF-8 are left out. */
  readonly env: Readonly<Record<string, string>>;
}

/** Of arguments and of environment. Whoever has more is refused: a part of them would start another program. */
const LIMIT_BYTES = 1024 * 1024;

/**
 * Reads arguments and environment of a process; empty where it has gone. Undefined: the kernel does not let us look.
 * Rejects with CannotTellError where the process gives no answer, and with RestartError where they are too long.
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

/** Its arguments alone, for a person to read: the first of them where they are many, none where they cannot be read. */
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
