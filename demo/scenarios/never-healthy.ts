import { BROKEN_ID, expectAlarm, type Outcome, raiseAlarm, type Scenario } from '../stage.js';

export const neverHealthy: Scenario = {
  title: 'A process that can never become healthy',
  short: 'never healthy',
  async play(stage): Promise<Outcome> {
    const { screen, broken } = stage;
    screen.say(
      'Its restart command succeeds, but no process stays. After two failed cycles the circuit breaker',
    );
    screen.say('opens; three seconds later it is half-open and lets one more cycle try.');
    const alarm = await raiseAlarm(stage, BROKEN_ID, broken);
    const seen = await alarm.line(/^alarm seen/);
    const restarted = await alarm.line(/^restarted by/, seen);
    const opened = await alarm.line(/^circuit breaker opened/, restarted);
    const halfOpened = await alarm.line(/^circuit breaker half-open/, opened);
    const tried = await alarm.line(/^restarted by/, halfOpened);
    await alarm.line(/^circuit breaker opened/, tried);
    await expectAlarm(stage, BROKEN_ID, 1);
    screen.say('The alarm stays raised: nobody is told that all is well. We take it back by hand.');
    const statement = `UPDATE STATUS_PROCESS SET alarma = 0 WHERE process_id = ${BROKEN_ID}`;
    screen.sql(`${statement};`);
    await stage.connection.query(statement);
    return {
      what: 'breaker opened, half-open after 3 s, one more try, opened again',
      seenMs: alarm.since(seen),
      restartedMs: alarm.since(restarted),
    };
  },
};
