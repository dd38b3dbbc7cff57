import { MonitorError } from '../../domain/errors.js';
import type { OutgoingNotification } from '../../domain/notification/notification.js';
import { describeCommandFailure } from '../../restart/commands/describe-command-failure.js';
import type { RunConfigCommand } from '../../restart/systemd/run-config-command.js';
import { formatNotice, type NoticeContext, toEnvironment } from '../../telemetry/notify/notification-text.js';

interface NotifyCommandOptions {
  /** The deadline (R16), in ms. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** The notify command did not end with exit code 0. */
class NotifyCommandError extends MonitorError {
  readonly retryable = false;
}

/**
 * Runs the command of `[notify]` for one notification (R15, R16). It must not leave processes behind.
 *
 * @throws NotifyCommandError
 */
export async function runNotifyCommand(
  shell: string,
  notice: OutgoingNotification,
  context: NoticeContext,
  options: NotifyCommandOptions,
  run: RunConfigCommand,
): Promise<void> {
  const result = await run(shell, {
    ...options,
    of: { systemName: 'service', step: 'notify' },
    leftovers: 'killed',
    input: `${formatNotice(notice, context)}\n`,
    variables: toEnvironment(notice, context),
  });
  if (result.outcome !== 'exited' || result.exitCode !== 0) {
    throw new NotifyCommandError(describeCommandFailure(result));
  }
}
