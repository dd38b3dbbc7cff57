import type { Config } from '../../config/config.js';
import { secretsOf } from '../../config/secrets-of.js';
import type { TestDelivery } from '../../control/replies.js';
import { describeError } from '../../domain/errors.js';
import type { OutgoingNotification } from '../../domain/notification/notification.js';
import type { RunConfigCommand } from '../../restart/systemd/run-config-command.js';
import { createMask } from '../../telemetry/log/mask-secrets.js';
import { type Channel, deliverOnce } from './deliver-once.js';

/** Delivers a notification over this channel that says it is a test, and tells how that went. Never rejects. */
export async function deliverTest(
  channel: Channel,
  by: string,
  config: Config,
  how: { readonly run: RunConfigCommand; readonly signal: AbortSignal },
): Promise<TestDelivery> {
  const begunAt = performance.now();
  const result = await deliverOnce(channel, testNotice(by), config, how).then(
    () => ({ delivered: true }),
    (error: unknown) => ({
      delivered: false,
      reason: createMask(secretsOf(config))(describeError(error)),
    }),
  );
  return { channel, ...result, tookMs: Math.round(performance.now() - begunAt) };
}

function testNotice(by: string): OutgoingNotification {
  const message = `a test by ${by}: notifications of this service arrive here`;
  return { event: 'test', at: Date.now(), message, details: { by }, repeated: 0, dropped: 0 };
}
