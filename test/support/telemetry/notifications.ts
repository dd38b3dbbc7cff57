import type {
  Notification,
  NotificationEvent,
  OutgoingNotification,
} from '../../../src/domain/notification/notification.js';

/** A notification about process `pN`, or about the service. */
export function notification(event: NotificationEvent, processId?: number): Notification {
  return {
    event,
    at: 0,
    ...(processId === undefined ? {} : { process: { id: processId, name: `p${processId}` } }),
    message: event,
    details: {},
  };
}

export function notice(
  event: NotificationEvent,
  processId?: number,
  more: { readonly repeated?: number; readonly dropped?: number } = {},
): OutgoingNotification {
  return { ...notification(event, processId), repeated: 0, dropped: 0, ...more };
}
