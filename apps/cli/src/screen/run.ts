import type { LogFormat } from "@detente/screen";
import type { InputFault, WatchList } from "@detente/telemetry";
import type { Cli } from "../cli.ts";
import { HitPrinter } from "./hit-printer.ts";
import { flagLines } from "./hit-lines.ts";
import type { FindingPrinter } from "./mail-findings.ts";
import { RunTally, type ScreenHit } from "./run-tally.ts";
import type { CurrentList, Origin } from "./watch-list.ts";

export interface RunFlags {
  readonly format?: LogFormat;
  readonly indicators?: readonly string[];
  /** Bytes. */
  readonly maxUnpacked: number;
  /** Whether hits are shown with the text around them. */
  readonly context: boolean;
}

/** What all ways to screen have in common: where hits and faults go. */
export class Run {
  readonly cli: Cli;
  readonly flags: RunFlags;
  readonly list: WatchList<Origin>;
  /** Indicators that are not looked for because they have expired. */
  expired: number;
  readonly findings: FindingPrinter;
  readonly tally: RunTally = new RunTally();
  readonly #printer: HitPrinter;
  #isPartial = false;

  /** @param limit hits of one indicator that are printed */
  constructor(cli: Cli, flags: RunFlags, { list, expired }: CurrentList, limit: number, findings: FindingPrinter) {
    this.cli = cli;
    this.flags = flags;
    this.list = list;
    this.expired = expired;
    this.findings = findings;
    this.#printer = new HitPrinter(cli, limit);
  }

  /** Whether something was not screened that should have been. */
  get isPartial(): boolean {
    return this.#isPartial;
  }

  hit(hit: ScreenHit): void {
    this.tally.hit(hit);
    this.#printer.hit(hit);
  }

  /** Says what is wrong; the others go on. */
  fault({ code, message }: InputFault): void {
    if (code !== "gone") this.#isPartial = true;
    this.cli.remark(`detente: ${message}`);
  }

  /** Says what is odd about the logs. */
  remarkFlags(): void {
    for (const log of this.tally.logs()) {
      // Whoever is told that there are no hits is not to believe it of what could not be read.
      if (log.flags.some(({ code }) => code === "utf-16")) this.#isPartial = true;
      this.cli.remark(...flagLines(log));
    }
  }
}
