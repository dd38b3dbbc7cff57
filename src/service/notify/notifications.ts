import {
  asyncScheduler,
  connect,
  filter,
  finalize,
  from,
  merge,
  mergeMap,
  type Observable,
  observeOn,
  Subject,
  type Subscription,
} from 'rxjs';
import type { Config } from '../../config/config.js';
import type { TestDelivery } from '../../control/replies.js';
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
import { ServiceNotifications } from '../../telemetry/notify/service-notifications.js';
import { toNotification } from '../../telemetry/notify/to-notification.js';
import { RunningCommands } from '../alarms/running-commands.js';
import type { LiveConfig } from '../shared/live-config.js';
import type { ServiceObserver } from '../shared/observer-list.js';
import { type Channel, channelsOf, deliverOnce } from './deliver-once.js';
import { deliverTest } from './deliver-test.js';
import { type DeliveryOptions, deliverBy } from './delivery.js';

interface NotificationsOptions {
  readonly settings: LiveConfig;
  readonly log: Log;
  readonly run: RunConfigCommand;
  readonly onResult: DeliveryOptions['onResult'];
}

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

  /**
   * Delivers a test over every channel at once, whatever `events` and the limits say. Emits how each ended; no longer subscribed
   * to, it gives up.
   */
  test(by: string): Observable<TestDelivery> {
    const { settings, log, run } = this.options;
    const { current } = settings;
    log.info('monitor_service', `a test notification is requested by ${by}`);
    return from(channelsOf(current)).pipe(
      mergeMap((channel) =>
        this.#running.run((signal) => deliverTest(channel, by, current, { run, signal })),
      ),
    );
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
    const by = (channel: Channel) =>
      deliverBy({
        way: channel,
        deliver: (notice) => {
          const { current } = settings;
          if (current.notify[channel] === undefined) return undefined;
          return this.#running.run((signal) => deliverOnce(channel, notice, current, { run, signal }));
        },
        ...{ log, onResult },
      });
    return notices.pipe(connect((shared) => merge(shared.pipe(by('command')), shared.pipe(by('webhook')))));
  }
}

function describeTooMany({ notify: { maxPerMinute } }: Config): string {
  return `more than ${maxPerMinute} notifications in a minute: further ones are dropped and counted`;
}
