import type { Statement } from "./statement.ts";
import type { VoidReason, WaitingFor } from "./status.ts";

/** What is to be made of a statement; one that waits is judged again when its topic comes up. */
export type Verdict =
  | { readonly outcome: "effective" }
  | { readonly outcome: "void"; readonly reason: VoidReason }
  | { readonly outcome: "waiting"; readonly for: WaitingFor; readonly topic: Topic };

/** The number of a leaf hash, `charter <digest>` or `key <log>`. */
export type Topic = number | string;

export const EFFECTIVE: Verdict = { outcome: "effective" };

export function voidFor(reason: VoidReason): Verdict {
  return { outcome: "void", reason };
}

export function waitFor(what: WaitingFor, topic: Topic): Verdict {
  return { outcome: "waiting", for: what, topic };
}

/** Whether the audience of a view can see a statement. */
export function isVisibleIn({ body }: Statement, view: string): boolean {
  return body === undefined || body.view === "unit" || body.view === view;
}
