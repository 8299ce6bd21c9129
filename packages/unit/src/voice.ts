import { canonicalJson, compareText, type HashIndex } from "@detente/basics";
import type { PlacedRow, Row } from "./row-trie.ts";
import type { Statement } from "./statement.ts";
import { Watch } from "./watch.ts";

type Latest = ReadonlyMap<string, Statement>;

const NONE: Latest = new Map();

/**
 * What one party has said about one statement, in one view. Only that party's own statements get here, so nobody can
 * change what another has said. Sums, maxima and unions: the order of arrival leaves no trace. There may be as many of
 * these as statements, so what is not used takes no room.
 */
export class Voice implements Row {
  readonly origin: string;
  placed: PlacedRow | undefined;
  weighing: Statement | undefined;
  watch: Watch | undefined;
  readonly #about: number;
  readonly #hashes: HashIndex;
  #positions: Map<string, Statement> | undefined;
  #accounts: Map<string, Statement> | undefined;
  #exhibits: Statement[] | undefined;

  /** @param about number of the leaf hash of the statement spoken about */
  constructor(about: number, origin: string, hashes: HashIndex) {
    this.#about = about;
    this.origin = origin;
    this.#hashes = hashes;
  }

  /** By clause, "" for the thing as a whole: the last by the index of the party's log. */
  get positions(): Latest {
    return this.#positions ?? NONE;
  }

  /** What this party reports that others said, the last by the reported party's name. */
  get accounts(): Latest {
    return this.#accounts ?? NONE;
  }

  get exhibits(): readonly Statement[] {
    return this.#exhibits ?? [];
  }

  hear(statement: Statement): void {
    const { body } = statement;
    if (body?.type === "observe") (this.watch ??= new Watch()).add(statement);
    if (body?.type === "exhibit") (this.#exhibits ??= []).push(statement);
    switch (body?.name) {
      case "position/assert":
      case "position/accept":
      case "position/deny":
      case "position/abstain":
      case "position/recuse":
      case "position/suspend":
      case "position/withdraw":
        keepLast((this.#positions ??= new Map()), body.content.clause ?? "", statement);
        break;
      case "weigh/probability":
        if (this.weighing === undefined || this.weighing.index < statement.index) this.weighing = statement;
        break;
      case "account/report":
        keepLast((this.#accounts ??= new Map()), body.content.party, statement);
        break;
      default:
        break;
    }
  }

  key(): string {
    return `said/${this.#hashes.hex(this.#about)}/${this.origin}`;
  }

  value(): string {
    return canonicalJson({
      positions: lastOf(this.positions),
      weighing: this.weighing?.index ?? null,
      accounts: lastOf(this.accounts),
      exhibits: this.exhibits.length,
      watch: this.watch?.summary() ?? null,
    });
  }
}

function keepLast(statements: Map<string, Statement>, key: string, statement: Statement): void {
  const held = statements.get(key);
  if (held === undefined || held.index < statement.index) statements.set(key, statement);
}

function lastOf(statements: Latest): [string, string, number][] {
  return [...statements]
    .map(([key, { body, index }]): [string, string, number] => [key, body?.kind ?? "", index])
    .sort((a, b) => compareText(a[0], b[0]));
}
