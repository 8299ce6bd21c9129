/** What a cell of a report says about a ballot: marks by choice, or why there are none. */
export interface Interpretation {
  readonly kind: "votes" | "not-on-ballot" | "overvote" | "undervote" | "none";
  readonly choices: ReadonlySet<string>;
  /** Whether the audit board saw an overvote. */
  readonly isOvervote: boolean;
}

const NOTHING: ReadonlySet<string> = new Set();

/**
 * Reads `Ada, Bob`, `BLANK`, `CONTEST_NOT_ON_BALLOT`, `OVERVOTE; Ada, Bob`, `Ada; COMMENT: …`, and of cast-vote records
 * `Overvote`, `Undervote` and `Blank`. Names are told apart by `choices`, since they may hold commas themselves.
 * Undefined for text that is none of these.
 */
export function interpretation(text: string, choices: Iterable<string>): Interpretation | undefined {
  const isOvervote = text.startsWith("OVERVOTE; ");
  const plain = text
    .slice(isOvervote ? "OVERVOTE; ".length : 0)
    .replace(/(?:^|; )COMMENT: [^]*$/, "")
    .replace(/(?:^|, )INVALID_WRITE_IN\b/, "")
    .trim();
  const known = [...choices].sort((a, b) => b.length - a.length);
  if (!known.includes(plain)) {
    const kind = KINDS.get(plain.toLowerCase());
    if (kind !== undefined) return { kind, choices: NOTHING, isOvervote };
  }
  const marked = new Set<string>();
  for (let rest = plain; rest !== "";) {
    const choice = known.find((name) => rest === name || rest.startsWith(`${name}, `));
    if (choice === undefined) return undefined;
    marked.add(choice);
    rest = rest.slice(choice.length + 2);
  }
  return { kind: "votes", choices: marked, isOvervote };
}

const KINDS = new Map<string, Interpretation["kind"]>([
  ["", "none"],
  ["blank", "votes"],
  ["contest_not_on_ballot", "not-on-ballot"],
  ["overvote", "overvote"],
  ["undervote", "undervote"],
]);
