import type { Injection } from './injection.js';
import { last } from './last.js';

/** Faults between the service and the server; the lab itself goes straight to the server. */
export const NETWORK_FAULTS: readonly Injection[] = [
  {
    name: 'connections reset',
    weight: 4,
    inject: async ({ proxy }) => proxy.resetAll(),
  },
  {
    name: 'half-open (swallowed both ways)',
    weight: 3,
    cutsOff: true,
    async inject(lab, random) {
      lab.proxy.swallow();
      await last(lab, random, 200, 4500);
      await lab.proxy.heal();
    },
  },
  {
    name: 'network stands still',
    weight: 3,
    cutsOff: true,
    async inject(lab, random) {
      lab.proxy.freeze();
      await last(lab, random, 100, 4000);
      await lab.proxy.heal();
    },
  },
  {
    name: 'slow link (5 KB/s)',
    weight: 3,
    cutsOff: true,
    async inject(lab, random) {
      lab.proxy.slowDown(5000);
      await last(lab, random, 300, 3000);
      await lab.proxy.heal();
    },
  },
  {
    name: 'connections refused',
    weight: 2,
    cutsOff: true,
    async inject(lab, random) {
      await lab.proxy.refuse();
      if (random.chance(0.7)) lab.proxy.resetAll();
      await last(lab, random, 100, 1500);
      await lab.proxy.heal();
    },
  },
];
