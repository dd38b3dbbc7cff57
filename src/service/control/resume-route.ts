import type { z } from 'zod';
import type { RESUME_REPLY } from '../../control/replies.js';
import { parseRequest, RESUME_REQUEST } from '../../control/requests.js';
import { ControlError, type Route } from '../../control/route.js';
import type { Pause } from '../../domain/cycle/pause.js';
import type { ControlParts } from './control-parts.js';

/** Ends pauses; what was raised meanwhile is answered at once. */
export function createResumeRoute({ pauses, store, log }: ControlParts): Route {
  return {
    method: 'POST',
    path: '/resume',
    async answer(body) {
      const { name, all, by } = parseRequest(RESUME_REQUEST, body);
      const ended = pauses.end(({ processName }) => all === true || processName === name);
      if (ended.length === 0) throw notPaused(name, pauses.snapshot());
      for (const { processName } of ended) {
        log.info(processName ?? 'monitor_service', `${processName ? '' : 'all processes '}resumed by ${by}`);
      }
      await store.flush();
      const value: z.infer<typeof RESUME_REPLY> = { ended: [...ended], left: [...pauses.snapshot()] };
      return { kind: 'json', value };
    },
  };
}

function notPaused(name: string | undefined, pauses: readonly Pause[]): ControlError {
  const paused = pauses.map(({ processName }) => processName ?? 'all processes');
  return new ControlError(
    409,
    name === undefined ? 'the processes are not paused as a whole' : `${name} is not paused by itself`,
    paused.length === 0 ? 'nothing is paused' : `paused are: ${paused.join(', ')}`,
  );
}
