// Mounts a file system at the folder given, in which every name is a file that takes whatever is written; after SIGUSR2
// it takes every request and answers none, as the mount of a server that is gone. See fuse.h of the kernel. It knows no
// FLUSH, so that closing a file asks nobody, as on NFS where all is written: else a child could not even exec.
import { spawnSync } from 'node:child_process';
import { openSync, read, writeSync } from 'node:fs';

const LOOKUP = 1;
const FORGET = 2;
const GETATTR = 3;
const OPEN = 14;
const WRITE = 16;
const RELEASE = 18;
const INIT = 26;
const BATCH_FORGET = 42;
const ENOSYS = 38;
const ROOT = 1;
const FILE = 2;

const device = openSync('/dev/fuse', 'r+');
const options = 'fd=3,rootmode=40000,user_id=0,group_id=0,allow_other';
const mount = spawnSync('mount', ['-i', '-t', 'fuse', '-o', options, 'dead', process.argv[2]], {
  stdio: ['ignore', 'inherit', 'inherit', device],
});
if (mount.status !== 0) process.exit(1);

let isDead = false;
process.on('SIGUSR2', () => {
  isDead = true;
  process.stdout.write('dead\n');
});

const request = Buffer.alloc(1 << 20);
function next() {
  read(device, request, 0, request.length, null, (error, length) => {
    // Unmounted.
    if (error) process.exit(0);
    if (length > 0)
      answer(request.readUInt32LE(4), request.readBigUInt64LE(8), Number(request.readBigUInt64LE(16)));
    next();
  });
}

function answer(operation, unique, node) {
  if (isDead || operation === FORGET || operation === BATCH_FORGET) return;
  if (operation === INIT) reply(unique, initAnswer());
  else if (operation === LOOKUP) reply(unique, Buffer.concat([entry(), attributes(FILE)]));
  else if (operation === GETATTR) reply(unique, Buffer.concat([Buffer.alloc(16), attributes(node)]));
  else if (operation === OPEN) reply(unique, Buffer.alloc(16));
  else if (operation === WRITE) reply(unique, written(request.readUInt32LE(56)));
  else if (operation === RELEASE) reply(unique, Buffer.alloc(0));
  else reply(unique, Buffer.alloc(0), ENOSYS);
}

function initAnswer() {
  const answered = Buffer.alloc(64);
  answered.writeUInt32LE(7, 0);
  answered.writeUInt32LE(31, 4);
  answered.writeUInt16LE(16, 16);
  answered.writeUInt16LE(12, 18);
  answered.writeUInt32LE(65536, 20);
  return answered;
}

/** Nothing is kept by the kernel: it asks each time. */
function entry() {
  const answered = Buffer.alloc(40);
  answered.writeBigUInt64LE(BigInt(FILE), 0);
  return answered;
}

function attributes(node) {
  const answered = Buffer.alloc(88);
  answered.writeBigUInt64LE(BigInt(node), 0);
  answered.writeBigUInt64LE(node === ROOT ? 0n : 4096n, 8);
  answered.writeUInt32LE(node === ROOT ? 0o040755 : 0o100644, 60);
  answered.writeUInt32LE(1, 64);
  return answered;
}

function written(size) {
  const answered = Buffer.alloc(8);
  answered.writeUInt32LE(size, 0);
  return answered;
}

function reply(unique, body, errno = 0) {
  const message = Buffer.alloc(16 + body.length);
  message.writeUInt32LE(message.length, 0);
  message.writeInt32LE(-errno, 4);
  message.writeBigUInt64LE(unique, 8);
  body.copy(message, 16);
  try {
    writeSync(device, message);
  } catch {
    // Whoever asked has gone.
  }
}

process.stdout.write('mounted\n');
next();
