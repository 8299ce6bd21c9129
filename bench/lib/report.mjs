/**
 * One comparison. Every number stands beside another one from the same run: a peer's, or what the machine can do.
 * @typedef {object} Row
 * @property {string} group what the rows around it have in common
 * @property {string} what
 * @property {string} unit of `ours` and of `than.value`
 * @property {"more" | "less"} better
 * @property {number} ours
 * @property {{ name: string, value: number }} [than] the peer, or the limit
 * @property {Target} [target]
 * @property {string} [note]
 */

/**
 * @typedef {object} Target
 * @property {"ours" | "ratio"} of
 * @property {number} bound the least that `ours` may be, or the most, as `better` says; the least that the ratio may be
 * @property {boolean} [notJudged] measured at another size than the target's
 */

/** How many times better ours is than the other: below 1 it is worse. @param {Row} row @returns {number | undefined} */
export function ratioOf({ better, ours, than }) {
  if (than === undefined || than.value === 0) return undefined;
  return better === "more" ? ours / than.value : than.value / ours;
}

/** @param {Row} row @returns {boolean | undefined} `undefined` where there is nothing to meet */
export function isMet(row) {
  const { target, ours, better } = row;
  if (target === undefined || target.notJudged === true) return undefined;
  if (target.of === "ratio") return (ratioOf(row) ?? 0) >= target.bound;
  return better === "more" ? ours >= target.bound : ours <= target.bound;
}

const HEADINGS = ["", "ours", "peer or limit", "ratio", "target", "met"];

/** @param {readonly Row[]} rows @returns {string} a table for people */
export function formatTable(rows) {
  const cells = rows.map(cellsOf);
  const widths = HEADINGS.map((heading, i) => Math.max(heading.length, ...cells.map((cell) => (cell[i] ?? "").length)));
  const line = (/** @type {readonly string[]} */ cell) =>
    cell
      .map((text, i) => (i === 0 || i === 2 ? text.padEnd(widths[i] ?? 0) : text.padStart(widths[i] ?? 0)))
      .join("  ")
      .trimEnd();
  const text = [line(HEADINGS)];
  let group = "";
  rows.forEach((row, i) => {
    if (row.group !== group) text.push("", row.group);
    group = row.group;
    text.push(line(cells[i] ?? []));
    if (row.note !== undefined) text.push(`      ${row.note}`);
  });
  return text.join("\n");
}

/** @param {Row} row @returns {string[]} */
function cellsOf(row) {
  const { what, unit, ours, than, target, better } = row;
  const met = isMet(row);
  const ratio = ratioOf(row);
  const sign = better === "more" || target?.of === "ratio" ? "≥" : "≤";
  return [
    `  ${what}`,
    withUnit(ours, unit),
    than === undefined ? "" : `${withUnit(than.value, unit)} ${than.name}`,
    ratio === undefined ? "" : `${figure(ratio)}×`,
    target === undefined ? "" : `${sign} ${target.of === "ratio" ? `${target.bound}×` : withUnit(target.bound, unit)}`,
    met === undefined ? (target === undefined ? "" : "other size") : met ? "yes" : "NO",
  ];
}

/** @param {number} value @param {string} unit */
function withUnit(value, unit) {
  return unit === "" || unit === "×" ? `${figure(value)}${unit}` : `${figure(value)} ${unit}`;
}

/** Three digits that count. @param {number} value */
function figure(value) {
  if (value >= 1000) return Math.round(value).toLocaleString("en-US");
  return String(Number(value.toPrecision(3)));
}
