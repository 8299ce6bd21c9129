import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";

const RUN = fileURLToPath(new URL("../run.mjs", import.meta.url));

/** Room for a million statements; the garbage collector at hand where memory is measured. */
const NODE_OPTIONS = ["--expose-gc", "--max-old-space-size=8192"];

/**
 * Starts a task (see `tasks.mjs`) in a process of its own. What it returns comes as its last message.
 * @param {string} task
 * @param {unknown} input
 */
export function startApart(task, input) {
  return fork(RUN, ["--task", task, JSON.stringify(input)], { execArgv: NODE_OPTIONS });
}

/** @param {string} task @param {unknown} input @returns {Promise<unknown>} what the task returned */
export function runApart(task, input) {
  const child = startApart(task, input);
  return new Promise((resolve, reject) => {
    child.once("message", (/** @type {{ output: unknown }} */ { output }) => resolve(output));
    child.once("error", reject);
    child.once("exit", (code, signal) => reject(new Error(`${task} ended with ${code ?? signal}`)));
  });
}
