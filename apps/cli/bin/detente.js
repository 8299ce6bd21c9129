#!/usr/bin/env node
import { existsSync } from "node:fs";

const main = new URL("../dist/main.js", import.meta.url);
if (existsSync(main)) await import(main.href);
else {
  process.stderr.write("detente: installation: the command is not built — run `npm run build` in the repository\n");
  process.exitCode = 2;
}
