import { parentPort, workerData } from "node:worker_threads";
import { present } from "@detente/basics";
import { openDatabase } from "./database.ts";
import type { WalOrder } from "./wal-thread.ts";

/** A thread that copies the write-ahead log of one database, each time that it is told to. */
const port = present(parentPort, "the port of the thread that started this one");
const path = workerData as string;

/** The second time is for what was written the first time. */
const TIMES = 2;

port.on("message", (what: WalOrder) => {
  if (what === "end") {
    port.close();
    return;
  }
  const db = openDatabase(path, "full");
  try {
    for (let time = 0; time < TIMES; time++) db.exec("PRAGMA wal_checkpoint(PASSIVE)");
  } finally {
    db.close();
  }
  // Who hears it may close the database, and leave it whole only where nobody else has it open.
  port.postMessage("copied", []);
});
