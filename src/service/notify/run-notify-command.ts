import { MonitorError } from '../../domain/errors.js';
import type { NotificationGroup, OutgoingNotification } from '../../domain/notification/notification.js';
import { describeCommandFailure } from '../../restart/commands/describe-command-failure.js';
import type { ConfigCommandOptions, RunConfigCommand } from '../../restart/systemd/run-config-command.js';
import { formatNotice, type NoticeContext, toEnvironment } from '../../telemetry/notify/notification-text.js';

interface NotifyCommandOptions {
  /** Whose command it is, for the name of its unit. */
  readonly of: ConfigCommandOptions['of'];
  /** The deadline (R16), in ms. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** The command did not end with exit code 0. */
class NotifyCommandError extends MonitorError {
  readonly retryable = false;
}

/**
 * Runs a command of the administrator for one notification (R15, R16). It must not leave processes behind.
 *
 * @throws NotifyCommandError
 */
export async function runNotifyCommand(
  shell: string,
  notice: OutgoingNotification | NotificationGroup,
  context: NoticeContext,
  options: NotifyCommandOptions,
  run: RunConfigCommand,
): Promise<void> {
  const result = await run(shell, {
    ...options,
    leftovers: 'killed',
    input: `${formatNotice(notice, context)}\n`,
    variables: toEnvironment(notice, context),
  });
  if (result.outcome !== 'exited' || result.exitCode !== 0) {
    throw new NotifyCommandError(describeCommandFailure(result));
  }
}
