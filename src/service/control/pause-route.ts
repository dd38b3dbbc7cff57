import type { z } from 'zod';
import type { PAUSE_REPLY } from '../../control/replies.js';
import { PAUSE_REQUEST, parseRequest } from '../../control/requests.js';
import { ControlError, type Route } from '../../control/route.js';
import { describePause, type Pause } from '../../domain/cycle/pause.js';
import type { ControlParts } from './control-parts.js';
import { findProcesses } from './find-named-rows.js';

/** Begins a pause, of one process or of all. Running cycles finish. */
export function createPauseRoute(parts: ControlParts): Route {
  const { pauses, store, log } = parts;
  return {
    method: 'POST',
    path: '/pause',
    async answer(body) {
      const { name, forMs, reason, by } = parseRequest(PAUSE_REQUEST, body);
      const warnings: string[] = [];
      const processName = name === undefined ? undefined : await nameInTable(name, parts, warnings);
      const since = Date.now();
      const pause: Pause = {
        since,
        by,
        ...(processName === undefined ? {} : { processName }),
        ...(forMs === undefined ? {} : { until: since + forMs }),
        ...(reason === undefined ? {} : { reason }),
      };
      pauses.add(pause);
      log.info(
        processName ?? 'monitor_service',
        `${processName ? '' : 'all processes '}${describePause(pause)}`,
      );
      await store.flush();
      if (store.problem !== undefined) {
        warnings.push(`it would not survive a restart of the service: ${store.problem}`);
      }
      const value: z.infer<typeof PAUSE_REPLY> = { pause, warnings };
      return { kind: 'json', value };
    },
  };
}

/** Maintenance of the database itself must not be a reason against a pause: then the name is taken as it is. */
async function nameInTable(name: string, parts: ControlParts, warnings: string[]): Promise<string> {
  try {
    const [{ processName }] = await findProcesses(name, parts.dataSource());
    return processName;
  } catch (error) {
    if (!(error instanceof ControlError) || error.status !== 503) throw error;
    warnings.push(`${error.message}; the name is taken as it is`);
    return name;
  }
}
