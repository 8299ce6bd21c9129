import { availableParallelism } from "node:os";
import { toHex } from "@detente/basics";
import {
  createEngine,
  type Engine,
  findFiles,
  hitRecord,
  identityOf,
  type Input,
  openInput,
  type Place,
} from "@detente/telemetry";
import { amount } from "../ui/text.ts";
import type { Run } from "./run.ts";
import type { Origin } from "./watch-list.ts";

/** A bar is drawn so often while a log without hits is screened: milliseconds. */
const DRAW_MS = 200;
const ID_BYTES = 16;

/** Screens standard input, then logs, from their beginnings to their ends, and remembers nothing. */
export async function runOnce(run: Run, names: readonly string[]): Promise<void> {
  const { cli, flags } = run;
  const { files, faults } = await findFiles(names.filter((name) => name !== "-"));
  for (const fault of faults) run.fault(fault);
  const engine = createEngine(run.list.index, { threads: availableParallelism() });
  try {
    for (const path of [...(names.includes("-") ? ["-"] : []), ...files.map((file) => file.path)]) {
      const input = await openInput(path, cli.context.stdin, flags.maxUnpacked);
      if (input.ok) await screenInput(run, engine, input.value);
      else run.fault(input.fault);
    }
  } finally {
    await engine.close();
  }
}

async function screenInput(run: Run, engine: Engine<Origin>, input: Input): Promise<void> {
  const { cli, list, flags } = run;
  const place: Place = {
    file: input.name,
    input: cli.isJson ? await identify(run, input) : "",
    list: cli.isJson ? list.version : "",
  };
  const progress = cli.progress(input.name, input.size);
  let packed = 0;
  const source = input.source((bytes) => (packed += bytes));
  const screening = engine.screen(source, {
    name: input.name,
    withContext: flags.context,
    ...(input.writtenBy === undefined ? {} : { writtenBy: input.writtenBy }),
    mail: run.findings.optionsFor(input.name, () => progress.clear()),
    ...(flags.format === undefined ? {} : { format: flags.format }),
  });
  const draw = (): void => {
    progress.note(amount(run.tally.hits, "hit"));
    progress.set("path" in source ? screening.summary().bytes : packed, input.size);
  };
  draw();
  const timer = cli.context.isTerminal.stderr ? setInterval(draw, DRAW_MS) : undefined;
  try {
    for await (const hit of screening) {
      progress.clear();
      run.hit(hitRecord(place, hit));
    }
    draw();
  } finally {
    clearInterval(timer);
    progress.clear();
  }
  const { byIndicator: _byIndicator, ...seen } = screening.summary();
  run.tally.see(seen);
  const fault = input.fault();
  if (fault !== undefined) run.fault(fault);
}

/** A pipe is never the same again. */
async function identify({ cli, flags }: Run, { name, size }: Input): Promise<string> {
  return size === undefined ? toHex(cli.context.random(ID_BYTES)) : identityOf(name, flags.maxUnpacked);
}
