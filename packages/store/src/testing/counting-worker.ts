import { parentPort, workerData } from "node:worker_threads";
import { present } from "@detente/basics";

/** What the thread of `thread.test.ts` is told: to add without a word, to say the sum, to fail. */
export type CountingOrder = { readonly add: number } | "sum" | "fail";

const port = present(parentPort, "the port of the thread that started this one");
let sum = workerData as number;

port.on("message", (order: CountingOrder) => {
  if (order === "fail") throw new RangeError(`failed at ${sum}`);
  if (order === "sum") port.postMessage(sum, []);
  else sum += order.add;
});
