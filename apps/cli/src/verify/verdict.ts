/** What came out of verifying a file. */
export interface Verdict {
  /** What the file is. */
  readonly form: "record" | "statement-proof" | "item-proof" | "equivocation" | "match-transcript" | "meeting-evidence";
  /** For people: each thing that was checked and holds. */
  readonly checked: readonly string[];
  /** For people: what does not hold. The file is good if there is none. */
  readonly problems: readonly string[];
  /** For people: what the file says, and what it does not show. */
  readonly says: readonly string[];
  /** For programs, besides. */
  readonly details: { readonly [member: string]: unknown };
}
