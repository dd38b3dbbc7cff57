import { REDIRECT_AND_EXECUTE, redirectArguments } from './redirect-outputs.js';
import type { ProgramStart, StartPlan } from './start-plan.js';

/**
 * The arguments of systemd-run for a daemon in a service unit of its own (R18). Written for systemd 239 and later:
 * - working directory and the rest go as `-p`: the option --working-directory came with 240.
 * - the environment comes from a file that only root can read. `--setenv` would put it into the process list, and any
 *   Environment= can be asked of systemd by every user (R24).
 * - KillMode=process: a daemon that puts itself into the background lives on when its first process ends.
 * - outputs are opened by a shell in the unit, as its user. StandardOutput=append: came with 240, and opens them as root.
 * - no --collect: a unit that failed stays until it was asked for the reason.
 */
export function transientArguments(
  unit: string,
  plan: StartPlan,
  environmentFile: string | undefined,
): string[] {
  const properties = ['KillMode=process', ...(plan.kind === 'program' ? propertiesOf(plan) : [])];
  if (environmentFile !== undefined) properties.push(`EnvironmentFile=${environmentFile}`);
  const command = plan.kind === 'command' ? ['/bin/sh', '-c', plan.command] : programCommand(plan);
  return [
    '--quiet',
    '--no-ask-password',
    `--unit=${unit}`,
    '--service-type=simple',
    ...properties.flatMap((property) => ['-p', property]),
    '--',
    ...command.map(escapeDollar),
  ];
}

function programCommand({ file, args, env, outputs }: ProgramStart): string[] {
  if (!outputs) return [file, ...args];
  // What the shell itself would add.
  const added = ['PWD', 'OLDPWD', 'SHLVL'].filter((name) => env[name] === undefined);
  const script = [...(added.length > 0 ? [`unset ${added.join(' ')}`] : []), REDIRECT_AND_EXECUTE].join('; ');
  return ['/bin/sh', '-c', script, 'sh', ...redirectArguments(outputs, [file, ...args])];
}

function propertiesOf(plan: ProgramStart): string[] {
  const { credentials, umask, openFiles, cwd } = plan;
  const isRoot =
    !credentials || (credentials.uid === 0 && credentials.gid === 0 && credentials.groups.length === 0);
  return [
    `WorkingDirectory=${cwd}`,
    ...(isRoot ? [] : [`User=${credentials.uid}`, `Group=${credentials.gid}`]),
    ...(isRoot || credentials.groups.length === 0
      ? []
      : [`SupplementaryGroups=${credentials.groups.join(' ')}`]),
    ...(umask === undefined ? [] : [`UMask=${umask.toString(8).padStart(4, '0')}`]),
    ...(openFiles === undefined ? [] : [`LimitNOFILE=${openFiles}`]),
  ];
}

/** systemd replaces `$NAME` and `${NAME}` in a command line, but not in its first word. */
function escapeDollar(word: string, index: number): string {
  return index === 0 ? word : word.replaceAll('$', '$$$$');
}
