import { err, type Fault, fromHex, ok, present, type Result } from "@detente/basics";
import type { FoundText, FoundValue, StatedItem } from "@detente/store";
import type { Station } from "../station.ts";
import type { UnitRuntime } from "../unit-runtime.ts";
import type { CorrelationReport, FindGroup, FindReport, FindRow, FoundStatement } from "./find-contract.ts";
import type { FindRelation } from "../vocabulary.ts";
import { type FindTarget, planFind } from "./find-query.ts";
import { StatementFinder } from "./found-statement.ts";

/** Statements of one value that are shown; how many there are is told. */
const SHOWN = 20;

interface FindInput {
  readonly text: string;
  readonly relation?: FindRelation;
  /** 1..100 rows of each relation. */
  readonly limit: number;
  readonly after?: string;
}

/**
 * Finds a value and what is related to it, or words, in what was shared with this party: each value once, with every
 * source's statement by itself, so that nothing is merged that could not be taken apart again.
 */
export async function find(
  { index }: Pick<Station, "index">,
  unit: UnitRuntime,
  { text, relation, limit, after }: FindInput,
): Promise<Result<FindReport, Fault<"bad-request">>> {
  const finder = new Finder(index, unit, limit);
  const { query, targets } = planFind(text, relation);
  const groups: FindGroup[] = [];
  for (const target of targets) {
    const group = await finder.group(target, query?.value, after);
    if (group === undefined) return err("bad-request", "after: is not one that this relation gave");
    groups.push(group);
  }
  return ok({ query, groups });
}

/** Items of a share whose values others state too. */
export async function correlations(
  { index }: Pick<Station, "index">,
  unit: UnitRuntime,
  { share, ...page }: { readonly share: string; readonly limit: number; readonly after?: number },
): Promise<CorrelationReport> {
  const finder = new Finder(index, unit, page.limit);
  const { rows, next } = await index.search.sharedItems(present(fromHex(share), "a leaf hash"), page);
  const shown = [];
  for (const { item, kind, value, stated } of rows) {
    const all = await finder.statements({ kind, value });
    const others = all.filter((one) => one.share !== share || one.index !== item);
    shown.push({ index: item, kind, value, stated, others });
  }
  return next === undefined ? { rows: shown } : { rows: shown, next };
}

class Finder {
  readonly #search: Station["index"]["search"];
  readonly #statements: StatementFinder;
  readonly #limit: number;

  constructor(index: Station["index"], unit: UnitRuntime, limit: number) {
    this.#search = index.search;
    this.#statements = new StatementFinder({ index }, unit);
    this.#limit = limit;
  }

  /** @param same a value that is shown already. @returns `undefined` for an `after` that no page gave */
  async group(target: FindTarget, same: string | undefined, after: string | undefined): Promise<FindGroup | undefined> {
    const { relation } = target;
    if ("named" in target) {
      const rows = after === undefined ? await this.#search.valuesNamed(target.named) : [];
      return { relation, rows: await this.#rows(rows), next: null, isCut: false };
    }
    if ("words" in target) return this.#wordGroup(target.words, after);
    const page = await this.#search.valuesIn(target.range, this.#limit, after);
    if (page === undefined) return undefined;
    const others = page.rows.filter(({ value }) => value !== same);
    return { relation, rows: await this.#rows(others), next: page.next ?? null, isCut: false };
  }

  async statements(value: Pick<FoundValue, "kind" | "value">): Promise<FoundStatement[]> {
    const stated = await this.#search.statedBy(value, SHOWN);
    return this.#told(stated);
  }

  async #rows(found: readonly FoundValue[]): Promise<FindRow[]> {
    const rows: FindRow[] = [];
    for (const value of found) {
      const statements = await this.statements(value);
      if (statements.length > 0) rows.push({ ...value, statements });
    }
    return rows;
  }

  async #wordGroup(words: string, after: string | undefined): Promise<FindGroup | undefined> {
    const start = after === undefined ? undefined : Number(after);
    if (start !== undefined && !Number.isSafeInteger(start)) return undefined;
    const page = await this.#search.searchWords(words, {
      limit: this.#limit,
      ...(start === undefined ? {} : { after: start }),
    });
    const rows = [...(await this.#rows(await this.#valuesOf(page.rows))), ...(await this.#otherRows(page.rows))];
    const next = page.next === undefined ? null : String(page.next);
    return { relation: "words", rows, next, isCut: page.isCut };
  }

  /** Each value once, in the order in which they were found on this page. */
  async #valuesOf(texts: readonly FoundText[]): Promise<FoundValue[]> {
    const found = texts.flatMap(({ values }) => values);
    const names = new Map(found.map((item) => [`${item.kind} ${item.value}`, item]));
    const stated: FoundValue[] = [];
    for (const { kind, value } of names.values()) {
      const named = await this.#search.valuesNamed([value]);
      stated.push(...named.filter((one) => one.kind === kind));
    }
    return stated;
  }

  /** Shares as such, and items that have no values. */
  async #otherRows(texts: readonly FoundText[]): Promise<FindRow[]> {
    const rows: FindRow[] = [];
    for (const { share, item, text, values } of texts) {
      if (values.length > 0) continue;
      const statement = await this.#statements.ofText(share, item, text);
      if (statement === undefined) continue;
      const [name = ""] = text.split("\n");
      const kind = item === undefined ? "share" : "object";
      rows.push({ kind, value: name, stated: 1, withdrawn: 0, statements: [statement] });
    }
    return rows;
  }

  async #told(stated: readonly StatedItem[]): Promise<FoundStatement[]> {
    const told: FoundStatement[] = [];
    for (const item of stated) {
      const statement = await this.#statements.ofItem(item);
      if (statement !== undefined) told.push(statement);
    }
    return told;
  }
}
