import { parseOptions, USAGE } from './options.js';
import { runDemo } from './run-demo.js';

try {
  const options = parseOptions(process.argv.slice(2));
  if (options.help) process.stdout.write(USAGE);
  else process.exitCode = await runDemo(options);
} catch (error) {
  process.stderr.write(`demo: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
// Explicitly: what is left open, such as the connection to a server that is gone, must not keep us.
process.exit();
