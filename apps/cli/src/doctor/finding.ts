/** What was found about one thing that can be wrong with a station. */
export interface Finding {
  readonly check: string;
  /** `note`: works, but somebody should know. */
  readonly state: "good" | "note" | "bad";
  readonly detail: string;
  readonly remedy?: string;
}

export function good(check: string, detail: string): Finding {
  return { check, state: "good", detail };
}

export function bad(check: string, detail: string, remedy: string): Finding {
  return { check, state: "bad", detail, remedy };
}

export function note(check: string, detail: string, remedy: string): Finding {
  return { check, state: "note", detail, remedy };
}
