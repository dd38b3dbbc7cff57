import type { ProcessTraits } from '../processes/process-traits.js';
import { NAMESPACES, type Namespaces } from './read-traits.js';

/**
 * What the kernel knows of a process. `giver` below is the process that forks the program: a start gives what the
 * giver has.
 */
interface KernelView {
  readonly uid: number;
  readonly traits: ProcessTraits;
  readonly namespaces: Namespaces;
}

/**
 * The reason why a start could not restore what a process has (R28); undefined if it could. Compares with the process
 * that forks the program, not with zero: in a container that process has a seccomp filter and fewer capabilities too.
 * Pure.
 */
export function refuseTraits(process: KernelView, giver: KernelView): string | undefined {
  const { traits } = process;
  const other = NAMESPACES.find((name) => process.namespaces[name] !== giver.namespaces[name]);
  if (other !== undefined) return `runs in ${WORDS[other]} of its own`;
  if (isConfinedMore(traits.seccomp, giver.traits.seccomp)) {
    return 'has a seccomp filter that the others here do not have';
  }
  if (!traits.noNewPrivileges && giver.traits.noNewPrivileges)
    return 'may gain privileges that this service may not give';
  if (!POLICIES.has(traits.policy))
    return `has the scheduling policy ${traits.policy}, which a start cannot restore`;
  return refuseCapabilities(process, giver);
}

/**
 * The reason why this version of systemd could not give a program these priorities (R28); undefined if it can. Before
 * 252 it compares the priority with the policy that a new unit has before its own is set, and refuses each one. The
 * 239 of RHEL 8 takes a policy and a nice value, and applies neither.
 */
export function refuseOfSystemd(
  { nice, policy, realtimePriority }: Pick<ProcessTraits, 'nice' | 'policy' | 'realtimePriority'>,
  version: number,
): string | undefined {
  if (realtimePriority !== 0 && version < 252)
    return `has a real-time priority, and systemd ${version} can give a program none (252 can)`;
  if ((nice !== 0 || policy !== 0) && version < 240)
    return `has a priority of its own, and systemd ${version} can give a program none (240 can)`;
  return undefined;
}

/**
 * Whether the process is confined more than the giver. A process from outside a container has fewer filters and more
 * capabilities than everything in it; a start gives it those of the container.
 */
function isConfinedMore(own: string, given: string): boolean {
  const [mode = 0, filters = 0] = own.split('/').map(Number);
  const [givenMode = 0, givenFilters = 0] = given.split('/').map(Number);
  return mode > givenMode || filters > givenFilters;
}

const WORDS: Readonly<Record<(typeof NAMESPACES)[number], string>> = {
  cgroup: 'a cgroup namespace',
  ipc: 'an IPC namespace',
  mnt: 'a mount namespace (another view of the files)',
  net: 'a network namespace',
  pid: 'a process namespace',
  time: 'a time namespace',
  user: 'a user namespace',
  uts: 'a host name namespace',
};

/** SCHED_OTHER, FIFO, RR, BATCH and IDLE. */
const POLICIES: ReadonlySet<number> = new Set([0, 1, 2, 3, 5]);

/**
 * Judges the capabilities. A process that gave up capabilities by itself cannot be distinguished from one that was
 * started without them.
 */
function refuseCapabilities({ uid, traits }: KernelView, giver: KernelView): string | undefined {
  const set = (name: keyof ProcessTraits['capabilities']) => BigInt(`0x${traits.capabilities[name] || '0'}`);
  const given = BigInt(`0x${giver.traits.capabilities.inheritable || '0'}`);
  // Inheritable capabilities alone permit nothing, but the start could not restore them.
  if ((set('inheritable') & ~(given | set('ambient'))) !== 0n)
    return 'has inheritable capabilities of its own';
  const expected = uid === 0 ? given | set('bounding') : set('ambient');
  if (set('permitted') !== expected || set('effective') !== expected) {
    return 'has other capabilities than a start would give it';
  }
  return undefined;
}
