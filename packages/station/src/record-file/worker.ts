import { parentPort } from "node:worker_threads";
import { present } from "@detente/basics";
import { BundlePacker } from "@detente/unit";
import type { PackRequest } from "./pack-thread.ts";

/** A thread that packs the lines of one record file, chunk after chunk. */
const port = present(parentPort, "the port of the thread that started this one");
const packer = new BundlePacker();

port.on("message", ({ chunk }: PackRequest) => {
  const packed = chunk === undefined ? packer.end() : packer.push(chunk);
  port.postMessage(packed, [packed.records.buffer as ArrayBuffer, packed.contents.buffer as ArrayBuffer]);
});
