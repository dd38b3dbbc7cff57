import { reaction } from './reaction/reaction.js';
import { recovery } from './recovery/recovery.js';
import { start } from './start/start.js';
import type { Bench } from './support/bench.js';
import { waterfall } from './waterfall/waterfall.js';

/** All benches, in the order in which they run. */
export const BENCHES: readonly Bench[] = [reaction, waterfall, recovery, start];
