import { describe, expect, it } from 'vitest';
import type { ProcessTraits } from '../../../src/restart/processes/process-traits.js';
import type { Namespaces } from '../../../src/restart/start/read-traits.js';
import { refuseOfSystemd, refuseTraits } from '../../../src/restart/start/refuse-traits.js';

const CAPABILITIES = { inheritable: '0', permitted: 'ff', effective: 'ff', bounding: 'ff', ambient: '0' };
const TRAITS: ProcessTraits = {
  nice: 0,
  policy: 0,
  realtimePriority: 0,
  cpus: '0-1',
  oomScoreAdjust: 0,
  limits: {},
  capabilities: CAPABILITIES,
  noNewPrivileges: false,
  // A container: all in it have two filters.
  seccomp: '2/2',
  label: '',
};
const NAMESPACES: Namespaces = { mnt: 'mnt:[1]', net: 'net:[2]', user: 'user:[3]' };
const GIVER = { uid: 0, traits: TRAITS, namespaces: NAMESPACES };

const judge = (
  traits: Partial<ProcessTraits>,
  { uid = 0, namespaces = {} }: { uid?: number; namespaces?: Namespaces } = {},
) =>
  refuseTraits(
    { uid, traits: { ...TRAITS, ...traits }, namespaces: { ...NAMESPACES, ...namespaces } },
    GIVER,
  );

describe('R28: a process can be given back what it has', () => {
  it.each([
    ['what all have here', {}],
    ['priorities', { nice: -7, policy: 1, realtimePriority: 20, oomScoreAdjust: -500 }],
    [
      'fewer capabilities',
      { capabilities: { ...CAPABILITIES, permitted: '1', effective: '1', bounding: '1' } },
    ],
    ['no new privileges', { noNewPrivileges: true }],
    ['fewer filters: it came from outside', { seccomp: '0/0' }],
  ])('%s', (_, traits) => expect(judge(traits)).toBeUndefined());

  it('no capabilities, as another user', () =>
    expect(
      judge({ capabilities: { ...CAPABILITIES, permitted: '0', effective: '0' } }, { uid: 33 }),
    ).toBeUndefined());
  it('those that a user was given', () => {
    const own = { ...CAPABILITIES, inheritable: '4', permitted: '4', effective: '4', ambient: '4' };
    expect(judge({ capabilities: own }, { uid: 33 })).toBeUndefined();
  });
});

describe('R28: a process cannot be given back', () => {
  it.each([
    ['one filter more', { seccomp: '2/3' }, /seccomp/],
    ['SCHED_DEADLINE', { policy: 6 }, /policy 6/],
    [
      'root without capabilities',
      { capabilities: { ...CAPABILITIES, effective: '0' } },
      /other capabilities/,
    ],
  ])('%s', (_, traits, reason) => expect(judge(traits)).toMatch(reason));

  it('capabilities that it kept when it became another user', () =>
    expect(judge({}, { uid: 33 })).toMatch(/other capabilities/));
  it.each(['mnt', 'net', 'user'] as const)('a %s namespace of its own', (name) =>
    expect(judge({}, { namespaces: { [name]: 'x' } })).toMatch(/namespace/),
  );
});

describe('R28: what an older systemd cannot give', () => {
  it.each([
    [
      '247 no real-time priority',
      { policy: 1, realtimePriority: 20 },
      247,
      /real-time priority, and systemd 247/,
    ],
    ['252 any', { policy: 1, realtimePriority: 20, nice: -7 }, 252, undefined],
    ['247 a policy and a nice value', { policy: 3, nice: -7 }, 247, undefined],
    ['239 no nice value', { nice: -7 }, 239, /priority of its own, and systemd 239/],
    ['239 no policy', { policy: 3 }, 239, /priority of its own/],
    ['239 what all have', {}, 239, undefined],
  ])('%s', (_, traits, version, reason) => {
    const judged = refuseOfSystemd({ ...TRAITS, ...traits }, version);
    if (reason === undefined) expect(judged).toBeUndefined();
    else expect(judged).toMatch(reason);
  });
});
