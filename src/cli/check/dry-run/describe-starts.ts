import type { RestartTarget } from '../../../domain/cycle/restart-target.js';
import type { ProgramStart, StartPlan } from '../../../restart/start/start-plan.js';
import { daemonPrefix } from '../../../restart/systemd/transient-name.js';

/**
 * Describes how the process would be started again (R18). Shows only the size of the environment, which may hold
 * secrets (R24). Pure.
 */
export function describeStarts(
  { systemName, settings }: RestartTarget,
  starts: readonly StartPlan[],
  hasSystemd: boolean,
): string[] {
  const where = hasSystemd
    ? `in a transient unit ${daemonPrefix(systemName)}XXXXXXXX.service`
    : 'in its own session, as a child of the service';
  return starts.flatMap((start) => {
    if (start.kind === 'program') return [`starts ${describeProgram(start)}`, `  ${where}`];
    const deadline = settings.restartTimeoutMs / 1000;
    return [`starts it with start_command: ${start.command}`, `  ${where}, within ${deadline} s`];
  });
}

function describeProgram({ file, args, cwd, env, credentials, umask, outputs }: ProgramStart): string {
  const user = credentials
    ? `uid ${credentials.uid}, gid ${credentials.gid}, groups ${credentials.groups.join(' ') || 'none'}`
    : 'as the service itself';
  const facts = [
    `cwd ${cwd}`,
    user,
    ...(umask === undefined ? [] : [`umask ${umask.toString(8).padStart(4, '0')}`]),
    ...Object.entries(outputs ?? {}).map(([stream, path]) => `${stream} to ${path}`),
    `${Object.keys(env).length} environment variables`,
  ];
  return `${[file, ...args].join(' ')} (${facts.join(', ')})`;
}
