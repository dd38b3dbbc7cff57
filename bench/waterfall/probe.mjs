// Loaded into the service with --import: notes on the monotonic clock when it receives rows, asks the database, and starts
// and ends commands. The service is the one that is installed; nothing of it knows of this.
//
// Writes lines of JSON to the file that PROBE_FILE names: [what, text, monotonic ms].
import childProcess from 'node:child_process';
import { closeSync, openSync, writeSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import ZongJi from '@vlasky/zongji';
import mysql from 'mysql2';

const { PROBE_FILE } = process.env;
// The commands inherit our environment; only the service has this file.
if (PROBE_FILE && process.argv.includes('run')) watch(PROBE_FILE);

function watch(file) {
  const descriptor = openSync(file, 'a');
  const notes = [];
  const note = (what, text) => void notes.push([what, text, Number(process.hrtime.bigint()) / 1e6]);
  const flush = () => {
    if (notes.length === 0) return;
    const lines = notes.splice(0).map((one) => `${JSON.stringify(one)}\n`);
    writeSync(descriptor, lines.join(''));
  };
  setInterval(flush, 50).unref();
  process.on('exit', () => {
    flush();
    closeSync(descriptor);
  });

  const { emit } = ZongJi.prototype;
  ZongJi.prototype.emit = function (name, event, ...more) {
    if (name === 'binlog' && event.getEventName() === 'updaterows') {
      for (const { after } of event.rows) note('row', `${after.process_id} ${after.alarma}`);
    }
    return emit.call(this, name, event, ...more);
  };

  const connections = prototypeWith(mysql.Connection.prototype, 'query');
  const { query } = connections;
  connections.query = function (sql, ...more) {
    const text = (typeof sql === 'string' ? sql : sql.sql).replace(/\s+/g, ' ').trim();
    note('query', text);
    const command = query.call(this, sql, ...more);
    command.once('end', () => note('answer', text));
    return command;
  };

  const { spawn } = childProcess;
  childProcess.spawn = (program, args, options) => {
    const text = Array.isArray(args) ? args.join(' ') : '';
    if (text === '-s spare shell') return noteWhatItBecomes(spawn(program, args, options), note);
    note('spawn', text);
    const child = spawn(program, args, options);
    child.once('exit', () => note('exit', text));
    return child;
  };
  syncBuiltinESMExports();
}

/** A shell that waits for its command is told it by its stdin. */
function noteWhatItBecomes(child, note) {
  const { end } = child.stdin;
  child.stdin.end = function (text, ...more) {
    if (text !== undefined) {
      note('spawn', text);
      child.once('exit', () => note('exit', text));
    }
    return end.call(this, text, ...more);
  };
  return child;
}

function prototypeWith(from, method) {
  let prototype = from;
  while (!Object.hasOwn(prototype, method)) prototype = Object.getPrototypeOf(prototype);
  return prototype;
}
