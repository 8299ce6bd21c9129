import type { Cli } from "../cli.ts";
import { amount, plain } from "../ui/text.ts";
import { hitLines } from "./hit-lines.ts";
import type { ScreenHit } from "./run-tally.ts";

/** Prints hits as they come, of each indicator a limited number: what is not printed is counted, and that is said. */
export class HitPrinter {
  readonly #cli: Cli;
  readonly #limit: number;
  readonly #printed = new Map<string, number>();

  /** @param limit lines for each indicator */
  constructor(cli: Cli, limit: number) {
    this.#cli = cli;
    this.#limit = limit;
  }

  hit(hit: ScreenHit): void {
    const { kind, value } = hit.indicator;
    const key = `${kind} ${value}`;
    const printed = this.#printed.get(key) ?? 0;
    if (printed > this.#limit) return;
    this.#printed.set(key, printed + 1);
    if (printed === this.#limit) {
      if (this.#limit === 0) return;
      const limit = amount(this.#limit, "hit");
      this.#cli.remark(
        `detente: ${kind} ${plain(value)}: ${limit} printed; more are only counted, see the summary (--max-per-indicator)`,
      );
    } else if (this.#cli.isJson) this.#cli.printJson(hit);
    else this.#cli.print(...hitLines(this.#cli, hit));
  }
}
