import type { Config } from '../../config/config.js';
import { PAGE_ROWS } from '../../db/tables/select-standing.js';
import { hasOrder } from '../../domain/cycle/restart-order.js';
import { CycleCapacity } from '../../operators/cycle-capacity.js';
import { BEGUN_PER_SLOT } from '../../operators/restart-slots.js';
import { WaitsInOrder } from '../../streams/waits-in-order.js';
import type { LiveConfig } from '../shared/live-config.js';
import { steadyScheduler } from '../shared/steady-scheduler.js';

/** How many cycles may exist besides those that have begun and have no verdict yet. Each takes some 3 KB. */
const WAITING = { fromTable: 2000, total: 4000 };

/** The limit of cycles, from the present configuration. */
export function createCapacity(settings: LiveConfig): CycleCapacity {
  return new CycleCapacity(() => {
    const begun = BEGUN_PER_SLOT * settings.current.monitor.maxParallelRestarts;
    return { page: PAGE_ROWS, fromTable: WAITING.fromTable + begun, total: WAITING.total + begun };
  });
}

/** The order of restarts, from the present configuration (R35). */
export function createOrder(settings: LiveConfig, capacity: CycleCapacity): WaitsInOrder {
  let isInUse = false;
  let required = new Set<string>();
  const ordered = ({ processes }: Config) => [...processes.byName.values()].filter(hasOrder);
  settings.changes(ordered).subscribe((orders) => {
    isInUse = orders.length > 0;
    required = new Set(orders.flatMap(({ requires = [] }) => requires));
  });
  const order = new WaitsInOrder({
    scheduler: steadyScheduler,
    isInUse: () => isInUse,
    isRequired: (processName) => required.has(processName),
    capacity,
  });
  settings.reloaded.subscribe(() => order.reconsider());
  return order;
}
