import { canonicalJson, toHex } from "@detente/basics";
import type { Log } from "./log.ts";
import type { UnitState } from "./state.ts";
import { DerivedRow } from "./view.ts";

/** The rows by which the unit's view says how far each party's log has come, and who its author is. */
export class LogRows {
  readonly #state: UnitState;
  readonly #rows = new Map<Log, DerivedRow>();

  constructor(state: UnitState) {
    this.#state = state;
  }

  /** What the log holds or what became of it. It has a row from when its author first became a party, whatever it wrote. */
  logChanged(log: Log): void {
    let row = this.#rows.get(log);
    if (row === undefined) this.#rows.set(log, (row = this.#rowOf(log)));
    this.#state.view("unit").rowChanged(row);
  }

  /** When the log's author is a party, or with which keys. */
  partyChanged(log: Log): void {
    this.#state
      .view("unit")
      .changed(`party/${log.origin}`, () =>
        canonicalJson({ member: log.memberSpans(), keys: this.#state.keys.summary(log.origin) }),
      );
  }

  #rowOf(log: Log): DerivedRow {
    return new DerivedRow(`log/${log.origin}`, () => {
      const root = this.#state.observatory.rootAt(log.origin, log.passedPlain);
      return canonicalJson({ size: log.passedPlain, root: toHex(root), effective: log.effective, void: log.void });
    });
  }
}
