import { asyncScheduler } from 'rxjs';
import type { Config } from '../../config/config.js';
import { PAGE_ROWS } from '../../db/tables/select-standing.js';
import { CycleCapacity } from '../../operators/cycle-capacity.js';
import { BEGUN_PER_SLOT } from '../../operators/restart-slots.js';
import { OrderOfRestarts } from '../../streams/order-of-restarts.js';
import type { LiveConfig } from '../shared/live-config.js';

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
export function createOrder(settings: LiveConfig, capacity: CycleCapacity): OrderOfRestarts {
  let required = new Set<string>();
  settings.changes(namesRequired).subscribe((names) => {
    required = new Set(names);
  });
  return new OrderOfRestarts({
    scheduler: asyncScheduler,
    isRequired: (processName) => required.has(processName),
    capacity,
  });
}

function namesRequired({ processes }: Config): readonly string[] {
  return [...processes.byName.values()].flatMap(({ requires = [] }) => requires);
}
