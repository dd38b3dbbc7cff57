import { hostname } from 'node:os';
import {
  asyncScheduler,
  connect,
  filter,
  finalize,
  merge,
  type Observable,
  observeOn,
  Subject,
  type Subscription,
} from 'rxjs';
import type { Config } from '../../config/config.js';
import { secretsOf } from '../../config/secrets-of.js';
import type { StreamSignal } from '../../domain/alarm/binlog-signal.js';
import type { CycleEvent } from '../../domain/cycle/cycle-event.js';
import type { ServerChange } from '../../domain/database-server.js';
import type {
  Notification,
  NotificationGroup,
  OutgoingNotification,
} from '../../domain/notification/notification.js';
import { limitNotifications } from '../../operators/limit-notifications.js';
import type { RunConfigCommand } from '../../restart/systemd/run-config-command.js';
import type { Log } from '../../telemetry/log/log.js';
import { createMask } from '../../telemetry/log/mask-secrets.js';
import { formatNotice, type NoticeContext } from '../../telemetry/notify/notification-text.js';
import { postWebhook } from '../../telemetry/notify/post-webhook.js';
import { ServiceNotifications } from '../../telemetry/notify/service-notifications.js';
import { toNotification } from '../../telemetry/notify/to-notification.js';
import { RunningCommands } from '../alarms/running-commands.js';
import type { LiveConfig } from '../shared/live-config.js';
import type { ServiceObserver } from '../shared/observer-list.js';
import { type DeliveryOptions, deliverBy } from './delivery.js';
import { runNotifyCommand } from './run-notify-command.js';

interface NotificationsOptions {
  readonly settings: LiveConfig;
  readonly log: Log;
  readonly run: RunConfigCommand;
  readonly onResult: DeliveryOptions['onResult'];
}

/** The command of `[notify]` belongs to no process. */
const OF = { systemName: 'service', step: 'notify' } as const;
/** How long the shutdown waits for open deliveries, in ms. The rest is dropped. */
const LAST_WORDS_MS = 1500;

/** Sends the events that `[notify] events` names, by command and by webhook. Nothing waits for a delivery (R13). */
export class Notifications implements ServiceObserver {
  readonly #offered = new Subject<Notification>();
  readonly #ofService = new ServiceNotifications(Date.now);
  readonly #running = new RunningCommands();
  readonly #subscription: Subscription;
  readonly #ended: Promise<void>;

  constructor(private readonly options: NotificationsOptions) {
    const { settings, log } = options;
    const notices = this.#offered.pipe(
      filter(({ event }) => settings.current.notify.events.includes(event)),
      limitNotifications({
        limits: () => settings.current.notify,
        onTooMany: () => log.warn('monitor_service', describeTooMany(settings.current)),
        scheduler: asyncScheduler,
      }),
      // Starting a process is synchronous work, and the cycle that emits the event must not wait for it.
      observeOn(asyncScheduler),
    );
    let end = (): void => {};
    this.#ended = new Promise((resolve) => {
      end = resolve;
    });
    this.#subscription = this.#deliver(notices).pipe(finalize(end)).subscribe();
  }

  onEvent(event: CycleEvent): void {
    this.#offer(toNotification(event));
  }

  onSignal(signal: StreamSignal): void {
    this.#offer(this.#ofService.ofSignal(signal));
  }

  onServerChange(change: ServerChange): void {
    const takesAny = this.options.settings.current.monitor.acknowledge === 'none';
    this.#offer(this.#ofService.ofServer(change, takesAny));
  }

  onReading(problem: string | undefined): void {
    this.#offer(this.#ofService.ofTable(problem));
  }

  /** Notifies that the service has started. */
  tellStarted(): void {
    this.#offer(this.#ofService.started());
  }

  /** Notifies that the service stops, waits briefly for open deliveries, then ends what still runs. Never rejects. */
  async close(): Promise<void> {
    this.#offer(this.#ofService.stopped());
    this.#offered.complete();
    const timer = setTimeout(() => this.abort(), LAST_WORDS_MS);
    await this.#ended;
    clearTimeout(timer);
    await this.#running.allEnded();
  }

  /** Sends nothing more and ends the command that runs. */
  abort(): void {
    this.#subscription.unsubscribe();
  }

  #offer(notification: Notification | undefined): void {
    if (notification) this.#offered.next(notification);
  }

  /** Channels are independent: a webhook that hangs does not delay the command. */
  #deliver(notices: Observable<OutgoingNotification | NotificationGroup>): Observable<never> {
    const { settings, log, onResult, run } = this.options;
    const byCommand = deliverBy({
      way: 'command',
      deliver: (notice) => {
        const { command, timeoutMs } = settings.current.notify;
        if (command === undefined) return undefined;
        return this.#running.run((signal) =>
          runNotifyCommand(command, notice, contextOf(settings.current), { of: OF, timeoutMs, signal }, run),
        );
      },
      ...{ log, onResult },
    });
    const byWebhook = deliverBy({
      way: 'webhook',
      deliver: (notice) => {
        const { webhook, timeoutMs } = settings.current.notify;
        if (webhook === undefined) return undefined;
        const body = formatNotice(notice, contextOf(settings.current));
        return this.#running.run((signal) => postWebhook(webhook, body, { timeoutMs, signal }));
      },
      ...{ log, onResult },
    });
    return notices.pipe(connect((shared) => merge(shared.pipe(byCommand), shared.pipe(byWebhook))));
  }
}

function contextOf(config: Config): NoticeContext {
  return { host: hostname(), mask: createMask(secretsOf(config)) };
}

function describeTooMany({ notify: { maxPerMinute } }: Config): string {
  return `more than ${maxPerMinute} notifications in a minute: further ones are dropped and counted`;
}
