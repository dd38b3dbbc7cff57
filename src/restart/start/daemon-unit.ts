import type { TransientProperty, TransientUnit } from '../systemd/systemd-client.js';
import {
  environmentFileProperty,
  limitProperties,
  listProperty,
  textProperty,
  umaskProperty,
} from '../systemd/transient-property.js';
import { REDIRECT_AND_EXECUTE, redirectArguments } from './redirect-outputs.js';
import type { ProgramStart, StartPlan } from './start-plan.js';

/**
 * A service unit of its own for a daemon (R18).
 * - The environment comes from a file that only root can read: any Environment= can be asked of systemd by every user
 *   (R24).
 * - KillMode=process: a daemon that puts itself into the background lives on when its first process ends.
 * - Outputs are opened by a shell in the unit, as its user. StandardOutput=append: came with systemd 240, and opens them
 *   as root.
 * - A unit that failed stays until it was asked for the reason.
 */
export function daemonUnit(
  name: string,
  systemName: string,
  plan: StartPlan,
  environmentFile: string | undefined,
): TransientUnit {
  return {
    name,
    description: `${systemName}, started by the process monitor service`,
    argv: plan.kind === 'command' ? ['/bin/sh', '-c', plan.command] : programCommand(plan),
    ...(plan.kind === 'program' && !plan.outputs ? { argv0: plan.argv0 } : {}),
    properties: [
      textProperty('KillMode', 'process'),
      ...(plan.kind === 'program' ? propertiesOf(plan) : []),
      ...(environmentFile === undefined ? [] : [environmentFileProperty(environmentFile)]),
    ],
  };
}

function programCommand({ file, args, env, outputs }: ProgramStart): [string, ...string[]] {
  if (!outputs) return [file, ...args];
  // What the shell itself would add.
  const added = ['PWD', 'OLDPWD', 'SHLVL'].filter((name) => env[name] === undefined);
  const script = [...(added.length > 0 ? [`unset ${added.join(' ')}`] : []), REDIRECT_AND_EXECUTE].join('; ');
  return ['/bin/sh', '-c', script, 'sh', ...redirectArguments(outputs, [file, ...args])];
}

function propertiesOf({ credentials, umask, openFiles, cwd }: ProgramStart): TransientProperty[] {
  const isRoot =
    !credentials || (credentials.uid === 0 && credentials.gid === 0 && credentials.groups.length === 0);
  return [
    textProperty('WorkingDirectory', cwd),
    ...(isRoot
      ? []
      : [textProperty('User', `${credentials.uid}`), textProperty('Group', `${credentials.gid}`)]),
    ...(isRoot || credentials.groups.length === 0
      ? []
      : [listProperty('SupplementaryGroups', credentials.groups)]),
    ...(umask === undefined ? [] : [umaskProperty(umask)]),
    ...(openFiles === undefined ? [] : limitProperties('LimitNOFILE', openFiles)),
  ];
}
