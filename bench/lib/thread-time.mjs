import { readFileSync } from "node:fs";

/** What the main thread has worked so far, in milliseconds; without Linux's account of it, all threads. */
export function worked() {
  try {
    // proc(5): the first figure is the time on a processor, in nanoseconds.
    return Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, "latin1").split(" ", 1)[0]) / 1e6;
  } catch {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  }
}
