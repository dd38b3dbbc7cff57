import { setTimeout as pause } from 'node:timers/promises';
import type { TcpProxy } from '../support/faults/tcp-proxy.js';
import type { Agents } from './agents.js';
import type { GaleraSite } from './galera-site.js';
import type { FleetServers } from './servers.js';
import type { Strangers } from './strangers.js';

/** What the faults of a day are done to. */
interface Fleet {
  readonly servers: FleetServers;
  readonly strangers: Strangers;
  readonly agents: Agents;
  /** An address that leads to the primary. */
  readonly vip: TcpProxy;
}

/** One part of the day: what happens while alarms are raised. */
export interface Phase<F> {
  readonly name: string;
  /** Comes before the alarms. */
  readonly prepare?: (fleet: F) => Promise<void>;
  /** Runs beside the alarms. */
  readonly fault?: (fleet: F) => Promise<void>;
  /** Makes it good again, before the next phase. */
  readonly repair?: (fleet: F) => Promise<void>;
}

/** Into the phase, ms: some alarms come before the fault. */
const AFTER_MS = 3000;
const DOWN_MS = 3000;
/** Longer than it takes a node to give up the others. */
const NO_QUORUM_MS = 8000;

/** The faults of the day, all through relays, in this order: the crashes are the last, since those servers stay away. */
export const DAY: readonly Phase<Fleet>[] = [
  {
    name: 'a relay is killed',
    fault: async ({ servers: { relays }, strangers }) => {
      await pause(AFTER_MS);
      strangers.forget([relays[0].server]);
      await relays[0].server.kill('SIGKILL');
    },
    repair: async ({ servers: { relays } }) => {
      await relays[0].server.start();
      await relays[0].run('START SLAVE');
    },
  },
  {
    name: 'a relay stands still',
    fault: async ({ servers: { relays } }) => {
      await pause(AFTER_MS);
      await relays[1].hold();
    },
    repair: async ({ servers: { relays } }) => relays[1].release(),
  },
  {
    name: 'switchover, old connections live',
    fault: async ({ servers }) => {
      await pause(AFTER_MS);
      await servers.switchOver(false);
    },
  },
  {
    name: 'switchover, old connections end',
    fault: async ({ servers, strangers }) => {
      await pause(AFTER_MS);
      strangers.forget([servers.primary]);
      await servers.switchOver(true);
    },
  },
  {
    name: 'both relays restart under the herd',
    fault: async ({ servers: { relays, sources }, strangers }) => {
      await pause(AFTER_MS);
      strangers.forget(sources);
      await Promise.all(sources.map((server) => server.shutDown()));
      await pause(DOWN_MS);
      await Promise.all(sources.map((server) => server.start()));
      await Promise.all(relays.map((relay) => relay.run('START SLAVE')));
    },
  },
  {
    name: 'the primary restarts under the herd',
    fault: async ({ servers, strangers }) => {
      await pause(AFTER_MS);
      strangers.forget([servers.primary]);
      await servers.primary.restart();
      await servers.on(servers.primary, 'SET GLOBAL read_only = OFF');
    },
  },
  {
    name: 'the primary crashes, the next is promoted',
    fault: async ({ servers, strangers }) => {
      await pause(AFTER_MS);
      strangers.forget([servers.primary]);
      await servers.crash();
    },
  },
  {
    name: 'a virtual address moves with a crash',
    prepare: async ({ servers, agents, vip }) => {
      vip.moveTo(servers.primary.port);
      const { database, sources } = servers;
      await agents.turnTo({ database, ports: [vip.port], relays: sources });
    },
    // As if the host had lost its power: nobody ends the connections to the old server, and they stay silent for ever.
    fault: async ({ servers, strangers, vip }) => {
      await pause(AFTER_MS);
      strangers.forget([servers.primary]);
      vip.swallow();
      await servers.crash();
      vip.moveTo(servers.primary.port);
      await vip.heal();
    },
  },
];

/** The faults on a Galera cluster, whose nodes serve the streams themselves. */
export const GALERA_DAY: readonly Phase<GaleraSite>[] = [
  { name: 'calm, streams from a Galera node' },
  {
    name: 'a Galera node loses its quorum',
    fault: async (site) => {
      await pause(AFTER_MS);
      await site.cutOffFirst();
    },
    repair: (site) => site.joinFirst(),
  },
  {
    name: 'the Galera cluster loses its quorum',
    fault: async (site) => {
      await pause(AFTER_MS);
      await site.loseQuorum(NO_QUORUM_MS);
    },
  },
];
