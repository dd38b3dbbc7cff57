import { hostsOf } from '../../db/connection/hosts-of.js';
import { describeServer } from '../../db/connection/local-socket.js';
import { withAlarmAdmin } from '../alarm/with-alarm-admin.js';
import { type AddCommand, addConfigOption, type ConfigOption } from '../shared/command-options.js';
import { EXIT_INTERRUPTED } from '../shared/exit-codes.js';
import { runAndReport } from '../shared/run-and-report.js';
import { openDialogue } from './dialogue.js';
import { runMenu } from './menu.js';

export const addTestAlarmCommand: AddCommand = (program, end) => {
  addConfigOption(
    program
      .command('test-alarm')
      .description('try the service out: a menu that shows, raises and clears alarms')
      .addHelpText('after', HELP),
  ).action(async ({ config }: ConfigOption) => end(await testAlarm(config)));
};

/** The menu that people know from `test_alarm.sh`. The menu is shown only after the database has answered once. */
function testAlarm(configFile: string): Promise<number> {
  return runAndReport(false, () =>
    withAlarmAdmin(configFile, async (admin, { monitor, database }) => {
      await admin.list();
      const dialogue = openDialogue();
      try {
        dialogue.say(
          `Alarms in the database ${database.database} at ${hostsOf(database).map(describeServer).join(', ')}`,
        );
        await runMenu({ admin, dialogue, exclude: monitor.exclude });
        return dialogue.isInterrupted ? EXIT_INTERRUPTED : 0;
      } finally {
        await dialogue.close();
      }
    }),
  );
}

const HELP = `
Exit code: 0 also at the end of the input, 69 the database cannot be used, 77 not for this user,
78 the configuration is invalid, 130 after Ctrl-C.

Examples:
  sudo monitor_service test-alarm
  printf '2\\nhttpd\\n' | sudo monitor_service test-alarm`;
