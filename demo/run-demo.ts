import { showCommandLines, showWebPage } from './by-hand.js';
import { writeConfigFile } from './config-file.js';
import { Daemon, suffixOf } from './daemon.js';
import { LogFeed } from './log-feed.js';
import type { Options } from './options.js';
import { makeOwnFolder } from './own-folder.js';
import { cutStream } from './scenarios/cut-stream.js';
import { killedDaemon } from './scenarios/killed-daemon.js';
import { neverHealthy } from './scenarios/never-healthy.js';
import { Screen } from './screen.js';
import { chooseServer, type DemoServer, startServer } from './server.js';
import { startService } from './service.js';
import { BROKEN_ID, DAEMON_ID, type Scenario, type Stage } from './stage.js';
import { type Played, showSummary } from './summary.js';
import { sweep } from './sweep.js';
import { Timeline } from './timeline.js';
import { untilQuiet } from './until-quiet.js';
import { prepareWebPage, type WebPage } from './web-page.js';

const SCENARIOS: readonly Scenario[] = [killedDaemon, neverHealthy, cutStream];

/** The whole demo; resolves to the exit code. @throws Error where it cannot even begin. */
export async function runDemo(options: Options): Promise<number> {
  const screen = new Screen();
  // With --keep, Ctrl-C is the end that everybody waits for.
  let exitCode: number | undefined;
  const folder = makeOwnFolder((usualCode) => {
    screen.say(
      exitCode === undefined ? '\nInterrupted. All of it ends, and nothing stays.' : '\nAll of it ends.',
    );
    return exitCode ?? usualCode;
  });

  screen.heading('The process monitor service, live');
  const program = chooseServer(options.server);
  const product = `${program.flavour === 'mysql' ? 'MySQL' : 'MariaDB'} ${program.version}`;
  screen.say(`A private ${product} starts, with its data in ${folder} ...`);
  const database = await startServer(program, folder);
  screen.say(
    `It listens at ${database.server.host}:${database.server.port}, with the tables of sql/setup.sql.`,
  );

  const page = options.keep ? await prepareWebPage(folder) : undefined;
  const { stage, stop } = await setTheStage(screen, folder, database, page);
  const played: Played[] = [];
  for (const scenario of SCENARIOS) {
    await screen.breathe();
    played.push({ scenario, result: await play(scenario, stage, played.length + 1) });
    stage.timeline.forget();
  }
  const failed = played.filter(({ result }) => result instanceof Error);

  if (options.keep) {
    showSummary(screen, played);
    if (page) showCommandLines(screen, folder, database.server, stage.daemon, page);
    exitCode = failed.length === 0 ? 0 : 1;
    // Lasts until a signal.
    await new Promise(() => setInterval(() => {}, 2 ** 30));
  }
  screen.heading('The end');
  await stop();
  sweep(folder);
  showSummary(screen, played);
  screen.say('\nEverything was stopped and removed. Nothing is left behind.');
  if (failed.length === 0) return 0;
  screen.say(`Failed: ${failed.map(({ scenario }) => scenario.short).join(', ')}.`);
  return 1;
}

/** The daemon, the rows that name it, and the service, up to the moment when it watches the binlog. */
async function setTheStage(
  screen: Screen,
  folder: string,
  database: DemoServer,
  page: WebPage | undefined,
): Promise<{ stage: Stage; stop: () => Promise<void> }> {
  const { connection } = database;
  const daemon = new Daemon(folder);
  const broken = `demo-broken-${suffixOf(folder)}`;
  screen.say(`A small daemon starts: ${daemon.name}, pid ${await daemon.start()}.`);
  await connection.query('INSERT INTO PROCESE (process_id, process_name) VALUES (?, ?), (?, ?)', [
    DAEMON_ID,
    daemon.name,
    BROKEN_ID,
    broken,
  ]);
  await connection.query('INSERT INTO STATUS_PROCESS (process_id) VALUES (?), (?)', [DAEMON_ID, BROKEN_ID]);

  const config = writeConfigFile(folder, database, daemon, broken, page);
  screen.say(`\nThe service gets this ${config.path}:\n`);
  screen.file(config.text);
  await screen.breathe();
  const timeline = new Timeline(screen);
  const feed = new LogFeed((line) => timeline.show(line));
  const service = startService(config.path, feed);
  screen.say(`\n${service.commandLine}`);
  await feed.find('monitor_service', /^watching the binlog/, 0);
  if (page) {
    screen.say('\nThe same on its page, in a browser of this machine:');
    showWebPage(screen, page);
  }
  screen.say('\nBelow, each line of its log has the time since the commit: from the return of the UPDATE to');
  screen.say("the arrival of the line here, both by the demo's clock.");
  await untilQuiet(feed);
  return { stage: { screen, timeline, feed, connection, daemon, broken }, stop: () => service.stop() };
}

async function play(scenario: Scenario, stage: Stage, number: number): Promise<Played['result']> {
  const { screen } = stage;
  screen.heading(`${number}. ${scenario.title}`);
  try {
    return await scenario.play(stage);
  } catch (error) {
    const failure = error instanceof Error ? error : new Error(String(error));
    screen.say(screen.paint('red', `This failed: ${failure.message}`));
    return failure;
  }
}
