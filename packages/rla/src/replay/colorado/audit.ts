import type { County } from "./counties.ts";
import type { CardComparison, ContestSelection, CountyChoice, ListedCard } from "./tables.ts";

/** All that was read, by contest. */
export interface ColoradoAudit {
  readonly seed: string | undefined;
  readonly counties: ReadonlyMap<string, County>;
  readonly selections: ReadonlyMap<string, ContestSelection>;
  readonly comparisons: ReadonlyMap<string, readonly CardComparison[]>;
  readonly choices: ReadonlyMap<string, readonly CountyChoice[]>;
  /** The imprinted id, with its county, of each record that was compared. */
  readonly imprints: ReadonlyMap<string, string>;
  /** Cards that counties were told to fetch. */
  readonly listed: readonly ListedCard[];
}
