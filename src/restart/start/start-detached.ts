import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { BehaviorSubject } from 'rxjs';
import { RestartError } from '../../domain/cycle/restart-target.js';
import { commandEnvironment } from '../commands/command-environment.js';
import { killCommand } from '../commands/kill-command.js';
import { shellCommand } from '../commands/shell-command.js';
import { formatShellExports } from '../commands/shell-text.js';
import type { Credentials } from '../processes/process-info.js';
import { becomeProgram, describeEarlyExit, isFile } from './become-program.js';
import { readTraits } from './read-traits.js';
import type { DaemonState, ProgramStart, StartedDaemon, StartPlan, StartTraits } from './start-plan.js';
import { traitCommands } from './trait-commands.js';

/** Own session, no terminal, no open handle of ours: it stays when this service ends. */
const DETACHED: SpawnOptions = { detached: true, stdio: 'ignore' };
const STOP_GRACE_MS = 2000;

/**
 * Starts a daemon on a host without systemd (R18). While this service runs it is our child, and Node collects its
 * exit code, so no zombie remains. It does not keep this service from ending. Throws RestartError.
 */
export async function startDetached(plan: StartPlan): Promise<StartedDaemon> {
  if (plan.kind === 'command') {
    const { argv, variables } = shellCommand(plan.command);
    const [shell, ...args] = argv;
    const env = { ...commandEnvironment(process.env), ...variables };
    return watch(spawn(shell, args, { ...DETACHED, cwd: '/', env }), plan);
  }
  const user = isOurs(plan.credentials) ? undefined : plan.credentials;
  const commands = await traitCommands(plan.traits, await ownTraits(), undefined);
  if (!canBeSpawned(plan, user) || commands.length > 0) return startPrepared(plan, user);
  return watch(
    spawn(plan.file, plan.args, {
      ...DETACHED,
      argv0: plan.argv0,
      cwd: plan.cwd,
      env: plan.env,
      ...(user && { uid: user.uid, gid: user.gid }),
    }),
    plan,
  );
}

/** Whether `spawn` alone can do it. Node can set user and group, and then removes the supplementary groups. */
function canBeSpawned(
  { umask, outputs = {}, cwdInode }: ProgramStart,
  user: Credentials | undefined,
): boolean {
  return (
    !isFile(outputs.stdout) &&
    !isFile(outputs.stderr) &&
    cwdInode === undefined &&
    (umask === undefined || umask === process.umask()) &&
    (user === undefined || user.groups.length === 0)
  );
}

/** The traits that a child of ours has by default. */
async function ownTraits(): Promise<StartTraits> {
  const traits = await readTraits(process.pid);
  if (!traits) throw new RestartError('cannot read the limits and priorities of this service', true);
  return traits;
}

function isOurs(credentials: Credentials | undefined): boolean {
  if (!credentials) return true;
  const groups = [...new Set(process.getgroups?.() ?? [])].sort((a, b) => a - b);
  return (
    credentials.uid === process.getuid?.() &&
    credentials.gid === process.getgid?.() &&
    credentials.groups.join() === groups.join()
  );
}

/**
 * Starts the program through commands that each set one trait, setpriv for user and groups, and a shell that sets
 * umask, environment and outputs and becomes the program. The environment is passed by stdin, after the change of
 * user: in an argument everybody could read it (R24), and the commands before it must not run as root with the
 * LD_PRELOAD of somebody else.
 */
async function startPrepared(plan: ProgramStart, user: Credentials | undefined): Promise<StartedDaemon> {
  const { shell, script, arguments: words } = becomeProgram(plan);
  const commands = await traitCommands(plan.traits, await ownTraits(), user);
  const [file = '', ...args] = [...commands, shell, '-s', '--', ...words];
  const child = spawn(file, args, {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    cwd: '/',
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
  });
  // Watched at once, because a lack of descriptors comes as an event. There is no stdin then.
  const launch = watch(child, plan);
  if (child.pid === undefined) return launch;
  const umask = plan.umask === undefined ? '' : `umask ${plan.umask.toString(8)}\n`;
  child.stdin.on('error', () => {});
  // `unset` removes what the shell itself adds. PATH is the captured one, or unset.
  child.stdin.end(`unset PATH PWD OLDPWD SHLVL\n${formatShellExports(plan.env)}${umask}${script}\n`);
  return launch;
}

function watch(child: ChildProcess, plan: StartPlan): StartedDaemon {
  const pid = child.pid ?? 0;
  const states = new BehaviorSubject<DaemonState>({ state: 'running', pid });
  const ended = new Promise<void>((resolve) => {
    child.once('error', (error) => {
      states.next({ state: 'failed', reason: error.message });
      resolve();
    });
    child.once('exit', (code, signal) => {
      if (code === 0) states.next({ state: 'done' });
      else
        states.next({
          state: 'failed',
          reason:
            describeEarlyExit(plan, code) ?? (signal === null ? `exit code ${code}` : `ended by ${signal}`),
        });
      resolve();
    });
  });
  child.unref();
  return {
    name: `pid ${pid}`,
    states,
    stop: async () => {
      await killCommand(child, ended, STOP_GRACE_MS);
    },
  };
}
