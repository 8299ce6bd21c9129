import type { StatementInput } from "../api/contract.ts";

/** A statement about one meeting. */
export function aboutMeeting(
  meeting: string,
  { type, kind, content }: Pick<StatementInput, "type" | "kind" | "content">,
): StatementInput {
  return { type, kind, of: [meeting], audience: "unit", content };
}
