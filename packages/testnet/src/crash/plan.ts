import { type Mode, MODES, type Operation, type Strike } from "./failing-disk.ts";

/** A run to make. */
export interface Job extends Strike {
  readonly scenario: string;
}

export function jobKey({ scenario, mode, at }: Job): string {
  return `${scenario} ${mode} ${at}`;
}

/** Every operation that a scenario's workload did when nothing failed, in every mode that can strike it. */
export function allJobs(scenario: string, operations: readonly Operation[]): Job[] {
  return operations.flatMap(({ kind }, i) =>
    MODES.filter((mode) => canStrike(mode, kind)).map((mode) => ({ scenario, mode, at: i + 1 })),
  );
}

function canStrike(mode: Mode, kind: Operation["kind"]): boolean {
  if (mode === "half") return kind === "write";
  if (mode === "eio-lost") return kind === "fsync" || kind === "fdatasync";
  if (mode === "enospc-once" || mode === "enospc-on") return kind !== "unlink" && kind !== "truncate";
  return true;
}

/** The same jobs in an order of which every beginning is a fair sample: an order by chance. */
export function shuffled<T>(jobs: readonly T[], random: () => number): T[] {
  const order = [...jobs];
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [order[i], order[j]] = [order[j] as T, order[i] as T];
  }
  return order;
}
