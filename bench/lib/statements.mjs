import { sha256, toHex, utf8 } from "@detente/basics";
import { draftStatement } from "@detente/record";

/** @typedef {import("@detente/record").DraftedStatement} DraftedStatement */

const START = 1_790_000_000_000;
const DAY = 86_400_000;

/** Indicators in the share that is spoken about. */
export const ITEMS = 50_000;

/** Who makes them where no station does. */
const BY = "benchmarks.example/log";
/** The unit whose statements are made where no station founds a real one. */
const UNIT = toHex(sha256(utf8("a unit for benchmarks")));

/**
 * What analysts' tools and analysts say of a shared indicator, by number: mostly sightings, some positions,
 * assessments and hearsay. Leaves of about 280 bytes, bodies of about 400.
 * @param {number} number
 * @param {{ unit?: string, by?: string, of?: string }} [about] the unit, the author's log, the statement that is spoken about
 * @returns {DraftedStatement}
 */
export function statement(number, { unit = UNIT, by = BY, of = UNIT } = {}) {
  const at = START + number * 1000;
  const salt = sha256(utf8(`salt ${number}`));
  const common = /** @type {const} */ ({ unit, by, of: [of], at, audience: "unit" });
  switch (number % 8) {
    case 5:
      return draftStatement({ ...common, salt, type: "position", kind: "assert", content: { text: remark(number) } });
    case 6:
      return draftStatement({
        ...common,
        salt,
        type: "weigh",
        kind: "probability",
        content: { permille: number % 1001 },
      });
    case 7:
      return draftStatement({
        ...common,
        salt,
        type: "account",
        kind: "report",
        content: { party: "hosting-company", said: remark(number), source: `ticket ${number}` },
      });
    default:
      return draftStatement({
        ...common,
        salt,
        type: "observe",
        kind: "sighting",
        content: {
          item: { index: number % ITEMS, value: `host-${number % ITEMS}.updates.example` },
          count: 1 + (number % 17),
          first: at - DAY,
          last: at - 1,
          coverage: { from: at - DAY, to: at, source: "resolver logs of the head office" },
        },
      });
  }
}

/** @param {number} number */
function remark(number) {
  return `Seen from ${1 + (number % 23)} hosts behind proxy ${number % 7}; the user agent does not fit the rest of that campaign.`;
}

/** @param {number} from @param {number} count @returns {DraftedStatement[]} */
export function statements(from, count) {
  return Array.from({ length: count }, (_, i) => statement(from + i));
}
