import { parentPort } from "node:worker_threads";
import { present } from "@detente/basics";
import type { Group } from "@detente/match";
import { MEETING_OPERATIONS } from "../meeting/operations.ts";
import { OPERATIONS } from "./operations.ts";
import { threadGroup } from "./thread-group.ts";
import type { Done, Order } from "./threads.ts";

/** A thread with a group of its own, which does one operation after another. */
const operations = { ...OPERATIONS, ...MEETING_OPERATIONS };
const port = present(parentPort, "the port of the thread that started this one");
const group = threadGroup();

port.on("message", (order: Order) => void run(order));

async function run(order: Order): Promise<void> {
  port.postMessage(await perform(await group, order));
}

async function perform(held: Group, { name, input }: Order): Promise<Done> {
  try {
    const operation = operations[name] as (group: Group, input: unknown) => unknown;
    return { value: await operation(held, input) };
  } catch (error) {
    return { error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}
