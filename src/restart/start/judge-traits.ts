import type { ProcessTraits } from '../processes/process-traits.js';
import { NAMESPACES, type Namespaces } from './read-traits.js';

/** A process as the kernel knows it, or the one that forks what is started: what that one has, a start gives. */
interface KernelView {
  readonly uid: number;
  readonly traits: ProcessTraits;
  readonly namespaces: Namespaces;
}

/**
 * Why a start could not give a process back what it has (R28); undefined: it could. Compared is with the process that
 * forks what is started, not with nothing: in a container that one has a seccomp filter and fewer capabilities too. Pure.
 */
export function refuseTraits(process: KernelView, giver: KernelView): string | undefined {
  const { traits } = process;
  const other = NAMESPACES.find((name) => process.namespaces[name] !== giver.namespaces[name]);
  if (other !== undefined) return `runs in ${WORDS[other]} of its own`;
  if (isConfinedMore(traits.seccomp, giver.traits.seccomp)) {
    return 'has a seccomp filter that the others here do not have';
  }
  if (!traits.noNewPrivileges && giver.traits.noNewPrivileges)
    return 'may gain privileges that we may not give';
  if (!POLICIES.has(traits.policy))
    return `has the scheduling policy ${traits.policy}, which cannot be given back`;
  return refuseCapabilities(process, giver);
}

/** What came from outside a container has fewer filters and more capabilities than all in it: a start gives those of here. */
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

/** OTHER, FIFO, RR, BATCH, IDLE. */
const POLICIES: ReadonlySet<number> = new Set([0, 1, 2, 3, 5]);

/** A process that gave up capabilities by itself cannot be told from one that was not given them. */
function refuseCapabilities({ uid, traits }: KernelView, giver: KernelView): string | undefined {
  const set = (name: keyof ProcessTraits['capabilities']) => BigInt(`0x${traits.capabilities[name] || '0'}`);
  const given = BigInt(`0x${giver.traits.capabilities.inheritable || '0'}`);
  // More than it had gives a right to nobody: what is inheritable alone permits nothing.
  if ((set('inheritable') & ~(given | set('ambient'))) !== 0n)
    return 'has inheritable capabilities of its own';
  const expected = uid === 0 ? given | set('bounding') : set('ambient');
  if (set('permitted') !== expected || set('effective') !== expected) {
    return 'has other capabilities than a start would give it';
  }
  return undefined;
}
