import { runCli } from "./app.ts";
import { processContext } from "./context.ts";

// `detente log | head`: whoever reads has seen enough.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit(0);
});

await runCli(process.argv.slice(2), processContext(process));
