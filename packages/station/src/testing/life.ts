import type { Records } from "@detente/store";
import type { Speaker } from "../speak/speaker.ts";

/** What a process does that lasts; at the last step that it lives to see nothing lasts any more. */
export class Life {
  steps = 0;
  readonly #last: number;
  readonly #isDone: boolean;

  /** @param isDone whether the last step is done, and nobody told of it */
  constructor(last: number, isDone: boolean) {
    this.#last = last;
    this.#isDone = isDone;
  }

  get hasEnded(): boolean {
    return this.steps >= this.#last;
  }

  async step<T>(run: () => T | Promise<T>): Promise<T> {
    this.steps++;
    if (this.steps === this.#last && this.#isDone) await run();
    if (this.hasEnded) throw new Error("the process has ended");
    return run();
  }

  records(real: Records): Records {
    return {
      get: (key) => real.get(key),
      list: () => real.list(),
      set: (key, value) => this.step(() => real.set(key, value)),
      delete: (key) => this.step(() => real.delete(key)),
      change: (changes) => this.step(() => real.change(changes)),
    };
  }

  speaker(real: Speaker): Pick<Speaker, "draft" | "append"> {
    return {
      draft: (...input) => real.draft(...input),
      append: (...input) => this.step(() => real.append(...input)),
    };
  }
}
