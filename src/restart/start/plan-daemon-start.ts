import { RestartError, type RestartTarget } from '../../domain/cycle/restart-target.js';
import { childEnvironment } from '../commands/command-environment.js';
import { findOnPath, isExecutableFile } from '../commands/find-on-path.js';
import { substituteName } from '../commands/substitute-name.js';
import type { ProcessInstance } from '../processes/find-processes.js';
import { captureProcess } from './capture-process.js';
import type { StartMemory } from './start-memory.js';
import type { ProgramStart, StartPlan } from './start-plan.js';

/**
 * How a process is started again (R18): by start_command; else each instance as it runs now; else as it ran when it was
 * last seen; else by name on PATH. Throws RestartError where there is no way, before anything is stopped.
 */
export async function planStart(
  { systemName, settings }: RestartTarget,
  running: readonly ProcessInstance[],
  memory: StartMemory,
): Promise<readonly StartPlan[]> {
  if (settings.startCommand !== undefined) {
    return [{ kind: 'command', command: substituteName(settings.startCommand, systemName) }];
  }
  if (running.length > 0) {
    const plans = await Promise.all(running.map(({ root }) => captureProcess(root)));
    memory.set(systemName, plans);
    return plans;
  }
  const remembered = await startable(memory.get(systemName) ?? []);
  return remembered.length > 0 ? remembered : [await planByName(systemName)];
}

async function startable(plans: readonly ProgramStart[]): Promise<ProgramStart[]> {
  const usable = await Promise.all(plans.map(({ file }) => isExecutableFile(file)));
  return plans.filter((_, index) => usable[index]);
}

async function planByName(systemName: string): Promise<ProgramStart> {
  const [file] = await findOnPath(systemName, process.env.PATH);
  if (file === undefined) {
    throw new RestartError(
      `no process ${systemName} runs, and there is no executable of that name on PATH`,
      false,
      {
        remedy: 'set start_command, or system_name where the program has another name',
      },
    );
  }
  return { kind: 'program', file, args: [], argv0: systemName, cwd: '/', env: childEnvironment(process.env) };
}
