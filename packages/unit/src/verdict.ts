import type { Statement } from "./statement.ts";
import type { VoidReason, WaitingFor } from "./status.ts";

/**
 * What is to be made of a statement. One that waits is judged again when any of its topics comes up, so they are all
 * that could change the verdict: a statement that waited for one of two things would miss that the other makes it void.
 */
export type Verdict =
  | { readonly outcome: "effective" }
  | { readonly outcome: "void"; readonly reason: VoidReason }
  | { readonly outcome: "waiting"; readonly for: WaitingFor; readonly topics: readonly Topic[] };

/** The number of a leaf hash, `charter <digest>` or `key <log>`. */
export type Topic = number | string;

export const EFFECTIVE: Verdict = { outcome: "effective" };

export function voidFor(reason: VoidReason): Verdict {
  return { outcome: "void", reason };
}

export function waitFor(what: WaitingFor, ...topics: readonly Topic[]): Verdict {
  return { outcome: "waiting", for: what, topics };
}

/** Whether the audience of a view can see a statement. */
export function isVisibleIn({ body }: Statement, view: string): boolean {
  return body === undefined || body.view === "unit" || body.view === view;
}
