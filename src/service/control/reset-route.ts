import type { z } from 'zod';
import type { RESET_REPLY } from '../../control/replies.js';
import { parseRequest, RESET_REQUEST } from '../../control/requests.js';
import type { Route } from '../../control/route.js';
import type { ControlParts } from './control-parts.js';
import { findProcesses } from './find-named-rows.js';

/** Closes breakers, and has the standing alarms of their processes answered at once. */
export function createResetRoute(parts: ControlParts): Route {
  const { breakers, holds, names, outOfCycleEvents, reconcileRequests, store } = parts;

  const reset = (processId: number, by: string): string[] => {
    if (!breakers.reset(processId)) return [];
    holds.release(processId);
    const processName = names.nameOf(processId);
    outOfCycleEvents.next({ type: 'closed', by, processId, processName, at: Date.now() });
    return [processName];
  };

  return {
    method: 'POST',
    path: '/reset',
    async answer(body) {
      const { name, by } = parseRequest(RESET_REQUEST, body);
      const known = [...breakers.snapshot().keys()];
      // Without the database all can be reset still, under their ids.
      await names.lookUp(known, parts.dataSource());
      const ids = name === undefined ? known : await idsOf(name, known, parts);
      const done = ids.flatMap((processId) => reset(processId, by));
      if (done.length > 0) reconcileRequests.next('circuit-reset');
      await store.flush();
      const value: z.infer<typeof RESET_REPLY> = { reset: done };
      return { kind: 'json', value };
    },
  };
}

/** The database is asked only for a name that no breaker has: it may be away, and breakers open because of it. */
async function idsOf(
  name: string,
  known: readonly number[],
  parts: ControlParts,
): Promise<readonly number[]> {
  const ids = known.filter((processId) => parts.names.nameOf(processId) === name);
  if (ids.length > 0) return ids;
  return (await findProcesses(name, parts.dataSource())).map(({ processId }) => processId);
}
