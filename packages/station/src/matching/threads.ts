import { availableParallelism } from "node:os";
import type { Worker } from "node:worker_threads";
import type { Group } from "@detente/match";
import { startWorker } from "@detente/store";
import type { MeetingOperations } from "../meeting/operations.ts";
import { OPERATIONS, type Operations as LookupOperations } from "./operations.ts";
import { threadGroup } from "./thread-group.ts";

type Operations = LookupOperations & MeetingOperations;

export interface Order {
  readonly name: keyof Operations;
  readonly input: unknown;
}

export type Done = { readonly value: unknown } | { readonly error: string };

interface Waiting {
  readonly order: Order;
  readonly resolve: (value: never) => void;
  readonly reject: (error: Error) => void;
}

/** Threads on all cores for the mathematics of matching, started when there is work, so that the station stays free. */
export class MatchThreads {
  readonly #max: number;
  readonly #idle: Worker[] = [];
  readonly #busy = new Map<Worker, Waiting>();
  readonly #queue: Waiting[] = [];
  /** End as soon as they are free. */
  readonly #leaving = new Set<Worker>();
  #here: Promise<Group> | undefined;
  #isClosed = false;

  constructor(max: number = availableParallelism()) {
    this.#max = max;
  }

  /** How much can be done at once. */
  get width(): number {
    return this.#max;
  }

  /** Does an operation on a thread that is free, or as soon as one is. Rejects what fails there: a broken invariant. */
  run<Name extends keyof Operations>(
    name: Name,
    input: Parameters<Operations[Name]>[1],
  ): Promise<Awaited<ReturnType<Operations[Name]>>> {
    if (this.#isClosed) return Promise.reject(new Error("the threads were ended"));
    return new Promise((resolve, reject) => {
      this.#queue.push({ order: { name, input }, resolve, reject });
      this.#next();
    });
  }

  /** The same for so few elements: one takes this thread about a millisecond, and another one as long to wake up. */
  async runFor<Name extends keyof LookupOperations>(
    elements: number,
    name: Name,
    input: Parameters<LookupOperations[Name]>[1],
  ): Promise<Awaited<ReturnType<LookupOperations[Name]>>> {
    if (elements > 1) return this.run(name, input);
    const group = await (this.#here ??= threadGroup());
    type Operation = (group: Group, input: unknown) => Awaited<ReturnType<LookupOperations[Name]>>;
    return (OPERATIONS[name] as Operation)(group, input);
  }

  /**
   * Lets new threads take the places of all that there are, each once it is free: whatever is left of keys in their
   * memory, which nobody can wipe in parts, goes with it.
   */
  renew(): void {
    this.#here = undefined;
    const idle = this.#idle.splice(0);
    for (const thread of [...idle, ...this.#busy.keys()]) this.#leaving.add(thread);
    for (const thread of idle) void thread.terminate();
  }

  /** Ends the threads; what is under way is rejected. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const threads = new Set([...this.#idle, ...this.#busy.keys(), ...this.#leaving]);
    const left = [...this.#queue.splice(0), ...this.#busy.values()];
    this.#busy.clear();
    for (const { reject } of left) reject(new Error("the threads were ended"));
    await Promise.all([...threads].map((thread) => thread.terminate()));
  }

  #next(): void {
    const thread =
      this.#idle.pop() ?? (this.#busy.size < this.#max && this.#queue.length > 0 ? this.#start() : undefined);
    if (thread === undefined) return;
    const next = this.#isClosed ? undefined : this.#queue.shift();
    if (next === undefined) {
      this.#idle.push(thread);
      return;
    }
    this.#busy.set(thread, next);
    thread.postMessage(next.order, []);
  }

  #start(): Worker {
    const thread = startWorker(import.meta.url, "worker");
    thread.on("message", (done: Done) => {
      const waiting = this.#busy.get(thread);
      this.#busy.delete(thread);
      if (this.#leaving.has(thread)) void thread.terminate();
      else if (!this.#isClosed) this.#idle.push(thread);
      if ("value" in done) waiting?.resolve(done.value as never);
      else waiting?.reject(new Error(done.error));
      this.#next();
    });
    const gone = (error: Error): void => {
      const waiting = this.#busy.get(thread);
      this.#busy.delete(thread);
      this.#leaving.delete(thread);
      if (this.#idle.includes(thread)) this.#idle.splice(this.#idle.indexOf(thread), 1);
      waiting?.reject(error);
      if (!this.#isClosed) this.#next();
    };
    thread.on("error", gone);
    thread.on("exit", () => gone(new Error("a thread ended before its work")));
    return thread;
  }
}
