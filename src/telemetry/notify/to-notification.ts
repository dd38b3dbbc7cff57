import type { CycleEvent } from '../../domain/cycle/cycle-event.js';
import type {
  Notification,
  NotificationDetails,
  NotificationEvent,
} from '../../domain/notification/notification.js';
import { describeCycleEvent } from '../messages/describe-cycle-event.js';

/** The notification of a cycle event; undefined if there is none. */
export function toNotification(event: CycleEvent): Notification | undefined {
  const told = whatToTell(event);
  if (!told) return undefined;
  const [name, details] = told;
  const { at, processId, processName } = event;
  return {
    event: name,
    at,
    process: { id: processId, name: processName },
    message: describeCycleEvent(event).message,
    details,
  };
}

function whatToTell(event: CycleEvent): readonly [NotificationEvent, NotificationDetails] | undefined {
  switch (event.type) {
    case 'exhausted': {
      const { step, reason, attempts } = event;
      return ['failed', { step, reason, attempts }];
    }
    case 'faulted':
      return ['failed', { reason: event.reason }];
    case 'refused':
      return ['refused', { reason: event.reason }];
    case 'verified':
      return ['restarted', { strategy: event.report.strategy, attempts: event.attempt }];
    case 'opened': {
      const { failures, retryAt } = event;
      return ['opened', { failures, retryAt }];
    }
    case 'flapping': {
      const { restarts, retryAt } = event;
      return ['flapping', { restarts, retryAt }];
    }
    case 'escalated':
      return ['escalated', event.reason === undefined ? {} : { reason: event.reason }];
    case 'half-opened':
      return ['half-opened', {}];
    case 'closed':
      return ['closed', event.by === undefined ? {} : { by: event.by }];
    default:
      return undefined;
  }
}
