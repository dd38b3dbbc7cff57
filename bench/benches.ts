import { busy } from './busy/busy.js';
import { finding } from './finding/finding.js';
import { growth } from './growth/growth.js';
import { idle } from './idle/idle.js';
import { million } from './million/million.js';
import { pages } from './pages/pages.js';
import { reaction } from './reaction/reaction.js';
import { recovery } from './recovery/recovery.js';
import { start } from './start/start.js';
import { storm } from './storm/storm.js';
import type { Bench } from './support/bench.js';
import { systemdIdle } from './systemd/idle/systemd-idle.js';
import { systemdReaction } from './systemd/reaction/systemd-reaction.js';
import { systemdStorm } from './systemd/storm/systemd-storm.js';
import { waterfall } from './waterfall/waterfall.js';

/** All benches, in the order in which they run, under systemd first. */
export const BENCHES: readonly Bench[] = [
  systemdReaction,
  systemdStorm,
  systemdIdle,
  reaction,
  storm,
  busy,
  idle,
  waterfall,
  recovery,
  start,
  growth,
  million,
  finding,
  pages,
];
