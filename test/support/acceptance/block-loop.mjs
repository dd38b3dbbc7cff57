/**
 * Makes the event loop of a Node.js process turn for ever in one place, as a fault of its own would:
 *
 *   node --experimental-websocket block-loop.mjs PID
 */
const pid = Number(process.argv[2]);
process.kill(pid, 'SIGUSR1');
const address = await untilInspected();
const socket = new WebSocket(address);
socket.addEventListener('open', () => {
  socket.send(JSON.stringify({ id: 1, method: 'Runtime.evaluate', params: { expression: 'for (;;);' } }));
  // Gone at once: nothing will ever answer. `close` waits until what was sent is out.
  socket.close();
});
socket.addEventListener('close', () => process.exit(0));

async function untilInspected() {
  for (;;) {
    try {
      const [target] = await (await fetch('http://127.0.0.1:9229/json/list')).json();
      return target.webSocketDebuggerUrl;
    } catch (error) {
      if (error.cause?.code !== 'ECONNREFUSED') throw error;
    }
  }
}
