import { basename } from 'node:path';
import { COMM_LENGTH, type Executable, type ProcessStat } from './process-info.js';
import { isInterpreter, scriptArgument } from './script-argument.js';

/** The names of a process (R18): its executable, its argv[0] and, for an interpreter, its script. Pure. */
export function programNames(
  executable: Executable | undefined,
  argv: readonly (string | undefined)[],
): readonly string[] {
  const program = executable && basename(executable.path);
  const [first] = argv;
  const called = first && basename(first);
  const script = scriptArgument(program ?? called ?? '', argv);
  return [program, called, script && basename(script)].filter((name) => name !== undefined);
}

/**
 * Whether a process whose arguments cannot be read may have this name (R27): by its comm, which comes from the
 * executed file, or as a script, whose name only the arguments show. Pure.
 */
export function mayHaveName(
  name: string,
  executable: Executable | undefined,
  { comm }: ProcessStat,
): boolean {
  if (!executable) return true;
  const program = basename(executable.path);
  return program === name || comm === name.slice(0, COMM_LENGTH) || isInterpreter(program);
}
