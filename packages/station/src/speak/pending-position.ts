import type { Fold, StatementReport } from "@detente/unit";

/**
 * The last position that a party has said on a statement, or on one of its clauses, and that has not been judged yet.
 * Others do not go by it before a quorum has observed it; its author may.
 * @param log the party's
 */
export function pendingPosition(
  fold: Pick<Fold, "pending">,
  log: string,
  about: string,
  clause = "",
): StatementReport | undefined {
  const positions = fold.pending(log, about).filter(({ body }) => body?.type === "position");
  return positions.findLast(({ body }) => clauseOf(body?.content) === clause);
}

function clauseOf(content: unknown): string {
  return (content as { readonly clause?: string } | undefined)?.clause ?? "";
}
