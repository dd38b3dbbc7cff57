import { RestartError } from '../../domain/cycle/restart-target.js';
import type { ProcessTraits } from '../processes/process-traits.js';
import { isSystemdRunning } from '../systemd/detect-systemd.js';
import { readSystemdVersion } from '../systemd/systemd-version.js';
import { readNamespaces, readTraits } from './read-traits.js';
import { refuseOfSystemd, refuseTraits } from './refuse-traits.js';
import type { StartTraits } from './start-plan.js';

/**
 * Records the traits of a process that the kernel keeps (R28). Throws RestartError if a start could not restore them,
 * or if that cannot be determined.
 */
export async function captureTraits(pid: number, uid: number): Promise<StartTraits> {
  const hasSystemd = isSystemdRunning();
  // The process that would fork the program: pid 1 for a transient unit, not our own sandbox.
  const giver = hasSystemd ? 1 : process.pid;
  const [traits, namespaces, given, givenNamespaces] = await Promise.all([
    readTraits(pid),
    readNamespaces(pid),
    readTraits(giver),
    readNamespaces(giver),
  ]);
  if (!traits || !namespaces || !given || !givenNamespaces) {
    throw new RestartError(`pid ${pid}: cannot read its limits, priorities or namespaces`, true, {
      remedy: 'run this service as root with util-linux installed, or set start_command',
    });
  }
  const reason =
    refuseTraits({ uid, traits, namespaces }, { uid: 0, traits: given, namespaces: givenNamespaces }) ??
    (traits.label !== given.label && !hasSystemd ? `has the security label ${traits.label}` : undefined) ??
    (await refusePriorities(traits));
  if (reason !== undefined) {
    throw new RestartError(`pid ${pid} ${reason}`, false, { remedy: 'set start_command for this process' });
  }
  return select(traits, given);
}

async function refusePriorities(traits: ProcessTraits): Promise<string | undefined> {
  if (traits.nice === 0 && traits.policy === 0) return undefined;
  const version = await readSystemdVersion();
  // An unknown version is taken for a new one.
  return version ? refuseOfSystemd(traits, version) : undefined;
}

/** The traits that differ from what a start gives by default, and those for which systemd has its own defaults. */
function select(traits: ProcessTraits, given: ProcessTraits): StartTraits {
  const { nice, policy, realtimePriority, io, oomScoreAdjust, limits, noNewPrivileges } = traits;
  const { capabilities, cpus, label } = traits;
  const bounding = commonOf(capabilities.bounding, given.capabilities.bounding);
  return {
    ...{ nice, policy, realtimePriority, oomScoreAdjust, limits },
    noNewPrivileges: noNewPrivileges && !given.noNewPrivileges,
    ...(io !== undefined && { io }),
    ...(cpus !== given.cpus && { cpus }),
    ...(bounding !== given.capabilities.bounding && { bounding }),
    ...(capabilities.ambient !== given.capabilities.ambient && { ambient: capabilities.ambient }),
    ...(label !== given.label && { label }),
  };
}

/** The intersection of two capability sets, in hexadecimal digits. */
function commonOf(a: string, b: string): string {
  return (BigInt(`0x${a || '0'}`) & BigInt(`0x${b || '0'}`)).toString(16);
}
