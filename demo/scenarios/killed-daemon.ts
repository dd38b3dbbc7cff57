import { DAEMON_ID, expectAlarm, followToClear, type Outcome, raiseAlarm, type Scenario } from '../stage.js';

export const killedDaemon: Scenario = {
  title: 'A daemon dies',
  short: 'daemon killed',
  async play(stage): Promise<Outcome> {
    const { screen, daemon } = stage;
    screen.say(
      `${daemon.name} is killed, pid ${await daemon.kill()}. Whoever notices raises an alarm with SQL:`,
    );
    const times = await followToClear(await raiseAlarm(stage, DAEMON_ID, daemon.name), 'binlog');
    await expectAlarm(stage, DAEMON_ID, 0);
    return { ...times, what: 'seen in the binlog, restarted, verified, cleared' };
  },
};
