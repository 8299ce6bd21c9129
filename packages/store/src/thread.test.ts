import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { afterEach, describe, expect, it } from "vitest";
import type { CountingOrder } from "./testing/counting-worker.ts";
import { Thread } from "./thread.ts";

const threads: Thread<CountingOrder, number>[] = [];
afterEach(async () => {
  await Promise.all(threads.splice(0).map((thread) => thread.end()));
});

function counting(from: number): Thread<CountingOrder, number> {
  const thread = new Thread<CountingOrder, number>(import.meta.url, "testing/counting-worker", from);
  threads.push(thread);
  return thread;
}

describe("a thread", () => {
  it("answers each question in its turn, and owes as many as were asked", async () => {
    const thread = counting(5);
    const first = thread.ask("sum");
    thread.tell({ add: 2 });
    const second = thread.ask("sum");
    expect(thread.owed).toBe(2);
    expect([await first, await second, thread.owed]).toEqual([5, 7, 0]);
  });

  it("rejects all that it owes when it fails, and whatever is asked afterwards, by what it failed of", async () => {
    const thread = counting(3);
    // Waited for: Node promises no order between a thread's last messages and the news of its end.
    expect(await thread.ask("sum")).toBe(3);
    // Each has somebody who listens from the beginning: all are rejected at the same time.
    const lost = await Promise.allSettled((["fail", "sum"] as const).map((order) => thread.ask(order)));
    expect(lost).toEqual(lost.map(() => ({ status: "rejected", reason: new RangeError("failed at 3") })));
    expect([thread.hasEnded, thread.owed]).toEqual([true, 0]);
    await expect(thread.ask("sum")).rejects.toThrow(RangeError);
  });

  it("rejects what it owes when it is ended", async () => {
    const thread = counting(1);
    const [answer, end] = [thread.ask("sum"), thread.end()];
    await expect(answer).rejects.toThrow("was ended");
    await end;
    await expect(thread.ask("sum")).rejects.toThrow("was ended");
  });

  it("keeps the process alive until it has answered, and no longer", async () => {
    const built = new URL("../dist/thread.js", import.meta.url);
    const script = `
      import { Thread } from ${JSON.stringify(built.href)};
      const [asked, told] = [4, 5].map((from) => new Thread(${JSON.stringify(built.href)}, "testing/counting-worker", from));
      void asked.ask("sum").then((sum) => console.log(sum));
      told.tell({ add: 1 });`;
    const out = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", script]);
    expect(out.stdout).toBe("4\n");
  });
});
