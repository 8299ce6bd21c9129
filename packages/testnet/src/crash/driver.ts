/**
 * `node driver.js DIR workload|appends PATIENCE [SWITCH]`: a station in a process of its own, which says things over its own HTTP
 * interface and writes on standard output what it was told, one JSON line each. Whoever started it makes the disk fail
 * below it, or kills it. `PATIENCE` is that of the workload in milliseconds. With `SWITCH`, the path of a file that the failing disk takes for
 * the power's switch, it has the power cut in the end instead of stopping.
 */
import { unlinkSync } from "node:fs";
import { toBase64, utf8 } from "@detente/basics";
import { connectStation, type RunningStation, startStation, type StationClient } from "@detente/station";
import { appendForever, type Said, work } from "./workload.ts";

/** What the driver reports. */
export type Report =
  | { readonly is: "started" }
  | { readonly is: "refused"; readonly message: string }
  /** A statement was acknowledged; `note` is the head under which it was, in base64. */
  | { readonly is: "said"; readonly index: number; readonly leafHash: string; readonly note: string }
  | { readonly is: "unsaid"; readonly message: string }
  | { readonly is: "done" };

// A pipe takes what is written before `write` returns, so that whatever was reported stays so when the process dies.
function report(line: Report): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

async function tell({ station }: RunningStation, said: Said): Promise<void> {
  if (!said.ok) return report({ is: "unsaid", message: said.fault.message });
  const { index, leafHash } = said.value;
  report({ is: "said", index, leafHash, note: toBase64(station.own.reader.head?.note ?? utf8("")) });
  // Whoever reads the log now is shown this; the tap on the wire keeps it.
  await fetch(`${station.config.url}/log/checkpoint`).then((answer) => answer.arrayBuffer());
}

async function drive(dir: string, what: string, patience: number, powerSwitch?: string): Promise<void> {
  const started = await startStation({ dir, logger: "json" });
  if (!started.ok) {
    report({ is: "refused", message: `${started.fault.code}: ${started.fault.message}` });
    process.exitCode = 3;
    return;
  }
  report({ is: "started" });
  const connected = await connectStation(dir);
  if (!connected.ok) throw new Error(connected.fault.message);
  const client: StationClient = connected.value;
  const onSaid = (said: Said): Promise<void> => tell(started.value, said);
  await (what === "appends" ? appendForever(client, onSaid) : work(client, onSaid, patience));
  if (powerSwitch !== undefined) unlinkSync(powerSwitch);
  await client.close();
  await started.value.stop();
  report({ is: "done" });
}

const [dir, what, patience, powerSwitch] = process.argv.slice(2);
if (dir === undefined || what === undefined || patience === undefined)
  throw new Error("usage: driver.js DIR workload|appends PATIENCE [SWITCH]");
await drive(dir, what, Number(patience), powerSwitch);
