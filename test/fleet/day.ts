import { setTimeout as pause } from 'node:timers/promises';
import type { FleetServers } from './servers.js';
import type { Strangers } from './strangers.js';

/** One part of the day: what happens while alarms are raised. */
export interface Phase {
  readonly name: string;
  /** Runs beside the alarms. */
  readonly fault?: (servers: FleetServers, strangers: Strangers) => Promise<void>;
  /** Makes it good again, before the next phase. */
  readonly repair?: (servers: FleetServers) => Promise<void>;
}

/** Into the phase, ms: some alarms come before the fault. */
const AFTER_MS = 3000;
const DOWN_MS = 3000;

/** The faults of the day, all through relays, in this order: the crash is the last, since that server stays away. */
export const DAY: readonly Phase[] = [
  {
    name: 'a relay is killed',
    fault: async ({ relays: [relay] }, strangers) => {
      await pause(AFTER_MS);
      strangers.forget([relay.server]);
      await relay.server.kill('SIGKILL');
    },
    repair: async ({ relays: [relay] }) => {
      await relay.server.start();
      await relay.run('START SLAVE');
    },
  },
  {
    name: 'a relay stands still',
    fault: async ({ relays: [, relay] }) => {
      await pause(AFTER_MS);
      await relay.hold();
    },
    repair: async ({ relays: [, relay] }) => relay.release(),
  },
  {
    name: 'switchover, old connections live',
    fault: async (servers) => {
      await pause(AFTER_MS);
      await servers.switchOver(false);
    },
  },
  {
    name: 'switchover, old connections end',
    fault: async (servers, strangers) => {
      await pause(AFTER_MS);
      strangers.forget([servers.primary]);
      await servers.switchOver(true);
    },
  },
  {
    name: 'both relays restart under the herd',
    fault: async ({ relays }, strangers) => {
      await pause(AFTER_MS);
      strangers.forget(relays.map(({ server }) => server));
      await Promise.all(relays.map(({ server }) => server.shutDown()));
      await pause(DOWN_MS);
      await Promise.all(relays.map(({ server }) => server.start()));
      await Promise.all(relays.map((relay) => relay.run('START SLAVE')));
    },
  },
  {
    name: 'the primary restarts under the herd',
    fault: async (servers, strangers) => {
      await pause(AFTER_MS);
      strangers.forget([servers.primary]);
      await servers.primary.restart();
      await servers.on(servers.primary, 'SET GLOBAL read_only = OFF');
    },
  },
  {
    name: 'the primary crashes, the other is promoted',
    fault: async (servers, strangers) => {
      await pause(AFTER_MS);
      strangers.forget([servers.primary]);
      await servers.crash();
    },
  },
];

/** What the day of the issue has beyond this one. */
export const NOT_BUILT =
  'a virtual address that moves with a crash, Galera without quorum, reduced agents for 1,000 hosts';
