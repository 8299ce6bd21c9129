import { parentPort, workerData } from "node:worker_threads";
import { present } from "@detente/basics";
import { Sieve, type SievePlace } from "@detente/screen";
import { buffersOf } from "./range-result.ts";
import { scanRange } from "./range-scan.ts";
import type { ScanAnswer, ScanOrder } from "./scan-threads.ts";

/** A thread that scans ranges of files, one after the other: each job is answered by its result or its fault. */
const port = present(parentPort, "the port of the thread that started this one");
let sieve = new Sieve(workerData as SievePlace);

port.on("message", (message: ScanOrder) => {
  if ("use" in message) {
    sieve = new Sieve(message.use);
    return;
  }
  try {
    const result = scanRange(sieve, message.job);
    answer({ result }, buffersOf(result));
  } catch (error) {
    answer({ error }, []);
  }
});

function answer(found: ScanAnswer, moved: readonly ArrayBuffer[]): void {
  port.postMessage(found, moved);
}
