import { hostname } from 'node:os';
import type { Config } from '../../config/config.js';
import { secretsOf } from '../../config/secrets-of.js';
import type { NotificationGroup, OutgoingNotification } from '../../domain/notification/notification.js';
import type { RunConfigCommand } from '../../restart/systemd/run-config-command.js';
import { createMask } from '../../telemetry/log/mask-secrets.js';
import { formatNotice, type NoticeContext } from '../../telemetry/notify/notification-text.js';
import { postWebhook } from '../../telemetry/notify/post-webhook.js';
import { runNotifyCommand } from './run-notify-command.js';

export type Channel = 'command' | 'webhook';

/** The command of `[notify]` belongs to no process. */
const OF = { systemName: 'service', step: 'notify' } as const;

/** The channels that `[notify]` has. */
export function channelsOf({ notify }: Pick<Config, 'notify'>): readonly Channel[] {
  return (['command', 'webhook'] as const).filter((channel) => notify[channel] !== undefined);
}

/**
 * Delivers one notification over one channel.
 *
 * @throws NotifyCommandError, WebhookError
 */
export async function deliverOnce(
  channel: Channel,
  notice: OutgoingNotification | NotificationGroup,
  config: Config,
  { run, signal }: { readonly run: RunConfigCommand; readonly signal: AbortSignal },
): Promise<void> {
  const { command, webhook, timeoutMs } = config.notify;
  const context: NoticeContext = { host: hostname(), mask: createMask(secretsOf(config)) };
  if (channel === 'command' && command !== undefined)
    await runNotifyCommand(command, notice, context, { of: OF, timeoutMs, signal }, run);
  if (channel === 'webhook' && webhook !== undefined)
    await postWebhook(webhook, formatNotice(notice, context), { timeoutMs, signal });
}
