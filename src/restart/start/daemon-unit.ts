import { commandEnvironment } from '../commands/command-environment.js';
import { shellCommand } from '../commands/shell-command.js';
import type { TransientProperty, TransientUnit } from '../systemd/systemd-client.js';
import {
  environmentFileProperty,
  listProperty,
  textProperty,
  umaskProperty,
} from '../systemd/transient-property.js';
import { becomeProgram, isFile } from './become-program.js';
import type { ProgramStart, StartPlan } from './start-plan.js';
import { traitProperties } from './trait-properties.js';

/**
 * The transient service unit of a daemon (R18).
 *
 * - The environment comes from a file that only root can read, because every user can ask systemd for Environment=
 *   (R24).
 * - KillMode=process: a daemon that puts itself into the background keeps running when its first process ends.
 * - Outputs are opened by a shell in the unit, as its user. StandardOutput=append: exists only since systemd 240, and
 *   opens them as root.
 * - A failed unit stays until somebody asks for the reason.
 */
export function daemonUnit(
  name: string,
  systemName: string,
  plan: StartPlan,
  environmentFile: string,
): TransientUnit {
  return {
    name,
    description: `${systemName}, started by the process monitor service`,
    argv: plan.kind === 'command' ? shellCommand(plan.command).argv : programCommand(plan),
    ...(plan.kind === 'program' && !needsShell(plan) ? { argv0: plan.argv0 } : {}),
    properties: [
      textProperty('KillMode', 'process'),
      ...(plan.kind === 'program' ? propertiesOf(plan) : []),
      environmentFileProperty(environmentFile),
    ],
  };
}

/** The variables in the environment file of the daemon. For a start command its text is one of them. */
export function environmentOf(plan: StartPlan): Readonly<Record<string, string>> {
  if (plan.kind === 'program') return plan.env;
  return { ...commandEnvironment(process.env), ...shellCommand(plan.command).variables };
}

/** systemd can open the outputs itself if no shell is needed. It may follow a path that only root can change. */
function needsShell({ outputs = {}, cwdInode }: ProgramStart): boolean {
  return cwdInode !== undefined || isFile(outputs.stdout) || isFile(outputs.stderr);
}

function programCommand(plan: ProgramStart): [string, ...string[]] {
  if (!needsShell(plan)) return [plan.file, ...plan.args];
  const { shell, script, arguments: words } = becomeProgram(plan);
  // -p: bash must not run anything because of the environment of the program.
  return [shell, ...(shell === '/bin/bash' ? ['-p'] : []), '-c', script, 'sh', ...words];
}

function propertiesOf(plan: ProgramStart): TransientProperty[] {
  const { credentials, umask, cwd, traits, outputs = {} } = plan;
  const isRoot =
    !credentials || (credentials.uid === 0 && credentials.gid === 0 && credentials.groups.length === 0);
  return [
    textProperty('WorkingDirectory', needsShell(plan) ? '/' : cwd),
    ...(isRoot
      ? []
      : [textProperty('User', `${credentials.uid}`), textProperty('Group', `${credentials.gid}`)]),
    ...(isRoot || credentials.groups.length === 0
      ? []
      : [listProperty('SupplementaryGroups', credentials.groups)]),
    ...(outputs.stdout === '/dev/null' ? [textProperty('StandardOutput', 'null')] : []),
    ...(outputs.stderr === '/dev/null' ? [textProperty('StandardError', 'null')] : []),
    ...(umask === undefined ? [] : [umaskProperty(umask)]),
    ...traitProperties(traits),
  ];
}
