import { Worker } from "node:worker_threads";

/**
 * Starts a module on a thread of its own, by no flags of ours. Node loads no TypeScript: where the caller runs from
 * `src/`, the thread runs what the build made of the module in `dist/`.
 * @param caller `import.meta.url` of a module beside it
 * @param name of the module, without an ending
 * @param data what the module finds in `workerData`
 */
export function startWorker(caller: string, name: string, data?: unknown): Worker {
  const built = caller.endsWith(".ts") ? caller.replace(/\/src\/(?!.*\/src\/)/, "/dist/") : caller;
  return new Worker(new URL(`${name}.js`, built), { execArgv: [], workerData: data });
}

interface Waiting<Answer> {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
}

/**
 * A thread that answers what it is asked, with one message for each question, in their order. It keeps the process alive
 * only while it owes an answer.
 */
export class Thread<Order, Answer> {
  readonly #worker: Worker;
  readonly #waiting: Waiting<Answer>[] = [];
  /** Why it answers no more. */
  #fault: Error | undefined;

  /** As `startWorker`. */
  constructor(caller: string, name: string, data?: unknown) {
    this.#worker = startWorker(caller, name, data);
    this.#worker.on("message", (answer: Answer) => this.#settle(answer));
    this.#worker.on("error", (error) => this.#fail(error));
    this.#worker.on("exit", () => this.#fail(new Error(`${name}: the thread ended before its work`)));
    // Not before: whoever listens for messages keeps the process alive.
    this.#worker.unref();
  }

  /** How many answers it owes. */
  get owed(): number {
    return this.#waiting.length;
  }

  get hasEnded(): boolean {
    return this.#fault !== undefined;
  }

  /** Rejects with what the thread failed by, also where that was before. @param moved what is handed over, not copied */
  ask(order: Order, moved: readonly ArrayBuffer[] = []): Promise<Answer> {
    return new Promise((resolve, reject) => {
      if (this.#fault !== undefined) return reject(this.#fault);
      this.tell(order, moved);
      this.#waiting.push({ resolve, reject });
      this.#worker.ref();
    });
  }

  /** Says what is not answered. */
  tell(order: Order, moved: readonly ArrayBuffer[] = []): void {
    this.#worker.postMessage(order, moved);
  }

  /** Ends it in the middle of whatever it does; what it owes is rejected. */
  async end(): Promise<void> {
    this.#fail(new Error("the thread was ended"));
    await this.#worker.terminate();
  }

  #settle(answer: Answer): void {
    const waiting = this.#waiting.shift();
    if (this.#waiting.length === 0) this.#worker.unref();
    waiting?.resolve(answer);
  }

  #fail(error: Error): void {
    this.#fault ??= error;
    for (const { reject } of this.#waiting.splice(0)) reject(this.#fault);
  }
}
