import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { converse, converseAtTerminal, converseWith } from '../../support/cli/converse.js';
import { runProgram } from '../../support/program.js';
import { describeOnServers } from '../../support/service/describe-on-servers.js';
import { oneServerKind } from '../../support/service/server-kinds.js';

const SCRIPT = fileURLToPath(new URL('../../../test_alarm.sh', import.meta.url));
const ENTER = '\r';
const CTRL_C = '\x03';
const CTRL_D = '\x04';

describeOnServers('test-alarm', oneServerKind, ({ open }) => {
  async function openMenu() {
    const scene = await open('httpd', 'mailer');
    const { database } = scene;
    const args = ['test-alarm', '--config', await scene.writeConfig()];
    const alarms = async () => [(await database.row(1)).alarma, (await database.row(2)).alarma];
    return { scene, database, args, alarms };
  }

  it('puts one process in alarm, and the running service restarts it; asks again for what it does not know', async () => {
    const { scene, args } = await openMenu();
    const daemon = await scene.watchCalmly();
    const talk = converse(args);
    await talk.hear('Your choice: ');
    talk.say('1\n');
    await talk.hear(/1 +httpd +normal +0/);
    await talk.hear('Your choice: ');
    talk.say('9\n');
    await talk.hear('Please type a number from 1 to 5, not "9"');
    await talk.hear('Your choice: ');
    talk.say(' 2 \n');
    await talk.hear('Which one');
    talk.say('htpd\n');
    await talk.hear('"htpd": no such process, did you mean "httpd"?');
    await talk.hear('Which one');
    talk.say('httpd\n');
    await talk.hear(/1 +httpd +raised/);
    await daemon.cleared('httpd');
    await talk.hear('Your choice: ');
    talk.say('5\n');
    expect(await talk.end()).toMatchObject({ code: 0 });
    expect(await scene.fleet.restarts('httpd')).toBe(1);
  });

  it('does all that comes through a pipe at once, and leaves at its end', async () => {
    const { args, alarms } = await openMenu();
    const talk = converse(args);
    talk.say('3\n');
    talk.say('1\n2\n\n2\n2');
    const { code, heard } = await talk.end();
    expect(code).toBe(0);
    expect(heard).toMatch(/1 +httpd +raised\n2 +mailer +raised\n/);
    expect(heard).toMatch(/2 +mailer +ALARM/);
    // The last line had no end; the process is given by its id.
    expect(heard).toMatch(/2 +mailer +raised already\n/);
    expect(heard).not.toContain('\x1b');
    expect(await alarms()).toEqual([1, 1]);
    const clear = converse(args);
    clear.say('4\n4\nq\n');
    expect((await clear.end()).heard).toMatch(/1 +httpd +cleared[\s\S]*Nothing to do\./);
    expect(await alarms()).toEqual([0, 0]);
  });

  it('leaves at once where there is no input at all', async () => {
    const { args } = await openMenu();
    const { code, stderr } = await runProgram(args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  it('tells what goes wrong, and the menu comes again', async () => {
    const { database, args, alarms } = await openMenu();
    await database.query(`REVOKE UPDATE (alarma, notes) ON STATUS_PROCESS FROM ${database.account}`);
    const talk = converse(args);
    talk.say('3\nconstructor\n1\n');
    const { code, heard } = await talk.end();
    expect(code).toBe(0);
    expect(heard).toMatch(/→ GRANT UPDATE \(alarma, notes\) ON .*;\n/);
    expect(heard).toMatch(/not "constructor"[\s\S]*1 +httpd +normal/);
    expect(await alarms()).toEqual([0, 0]);
  });

  it('at a terminal asks before it raises all, and leaves with Ctrl-D', async () => {
    const { args, alarms } = await openMenu();
    const talk = converseAtTerminal(args);
    await talk.hear('Your choice: ');
    talk.say(`3${ENTER}`);
    await talk.hear('Go on (y/n)? ');
    talk.say(`n${ENTER}`);
    await talk.hear('Your choice: ');
    expect(await alarms()).toEqual([0, 0]);
    talk.say(`3${ENTER}`);
    await talk.hear('Go on (y/n)? ');
    talk.say(`y${ENTER}`);
    await talk.hear('Your choice: ');
    expect(await alarms()).toEqual([1, 1]);
    talk.say(CTRL_D);
    expect(await talk.end()).toMatchObject({ code: 0 });
  });

  it('at a terminal leaves with Ctrl-C, in the menu or below it', async () => {
    const { args, alarms } = await openMenu();
    const talk = converseAtTerminal(args);
    await talk.hear('Your choice: ');
    talk.say(`3${ENTER}`);
    await talk.hear('Go on (y/n)? ');
    talk.say(CTRL_C);
    expect(await talk.end()).toMatchObject({ code: 130 });
    expect(await alarms()).toEqual([0, 0]);
  });

  it('test_alarm.sh begins it, with the options that it is given', async () => {
    const { args, alarms } = await openMenu();
    const talk = converseWith(SCRIPT, args.slice(1));
    talk.say('2\nmailer\n');
    expect(await talk.end()).toMatchObject({ code: 0 });
    expect(await alarms()).toEqual([0, 1]);
  });

  it('no database: says so before there is a menu', async () => {
    const { scene } = await openMenu();
    const file = await scene.writeConfig({ database: { socket: scene.path('no.sock') } });
    const { code, stdout, stderr } = await runProgram(['test-alarm', '-c', file]);
    expect({ code, stdout }).toEqual({ code: 69, stdout: '' });
    expect(stderr).toMatch(/the socket does not exist/);
  });
});
