import { RestartError, type RestartTarget } from '../../domain/cycle/restart-target.js';
import { ownIdentity } from '../../lib/files/find-untrusted-place.js';
import { substituteName } from '../commands/substitute-name.js';
import type { ProcessInstance } from '../processes/find-processes.js';
import { lookAtPaths } from '../processes/look-at-paths.js';
import { captureProcess } from './capture-process.js';
import { judgeProgram } from './judge-program.js';
import type { StartMemory } from './start-memory.js';
import type { ProgramStart, StartPlan } from './start-plan.js';
import { stillOwed } from './still-owed.js';

/**
 * Decides how a process is started again (R18): by start_command, or as each instance runs now, or as it was running
 * when it was last seen. Nothing is started by its bare name (R26). Throws RestartError, before anything is stopped,
 * if there is no way.
 */
export async function planStart(
  target: RestartTarget,
  running: readonly ProcessInstance[],
  memory: StartMemory,
): Promise<readonly StartPlan[]> {
  const { systemName, settings } = target;
  if (settings.startCommand !== undefined) {
    return [{ kind: 'command', command: substituteName(settings.startCommand, systemName) }];
  }
  if (running.length > 0) {
    const captured = await Promise.all(running.map(({ root }) => captureProcess(root)));
    // A restart without a verdict has stopped instances that nobody has started again.
    const stopped = memory.begun.has(systemName) ? (memory.get(systemName) ?? []) : [];
    const plans = [...captured, ...(await startable(systemName, stillOwed(stopped, captured)))];
    memory.set(systemName, plans);
    return plans;
  }
  const remembered = await startable(systemName, memory.get(systemName) ?? []);
  if (remembered.length === 0) throw refuse(target);
  return remembered;
}

/** Those whose file is there. Another user may have put another one in its place since. Rejects with RestartError. */
async function startable(systemName: string, plans: readonly ProgramStart[]): Promise<ProgramStart[]> {
  if (plans.length === 0) return [];
  const facts = await lookAtPaths(plans.map(({ file }) => file));
  const there = plans.filter(({ file }) => facts.executable(file) !== undefined);
  for (const { file, credentials = ownIdentity() } of there) {
    const refusal = await judgeProgram(file, credentials, facts);
    if (refusal === undefined) continue;
    throw new RestartError(`what is remembered of ${systemName} ${refusal}`, false, {
      remedy: 'set start_command for this process',
    });
  }
  return there;
}

function refuse({ processName, systemName, hasSection }: RestartTarget): RestartError {
  const section = `[process.${processName}]`;
  return new RestartError(
    `no process ${systemName} runs, and the service does not know how to start it`,
    false,
    hasSection
      ? {
          remedy: `write start_command = /path/to/${systemName} under ${section} (start_command = %s: the first ${systemName} on PATH, as root, as the Bash service did)`,
        }
      : {
          remedy: `add ${section} with start_command = /path/to/${systemName}: nothing is started for a name without a section`,
        },
  );
}
