import { runCli } from "./app.ts";
import { processContext } from "./context.ts";

process.stdout.on("error", ({ code, message }: NodeJS.ErrnoException) => {
  // `detente log | head`: whoever reads has seen enough.
  if (code === "EPIPE") process.exit(0);
  // An answer that nobody can read is no answer, and 1 would be one.
  process.stderr.write(`detente: standard output: cannot be written (${message}) — make room, or write elsewhere\n`);
  process.exit(2);
});

await runCli(process.argv.slice(2), processContext(process));
