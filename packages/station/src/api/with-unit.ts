import { err } from "@detente/basics";
import type { Station } from "../station.ts";
import type { UnitRuntime } from "../unit-runtime.ts";
import { answer, type ApiResult } from "./route.ts";

/** Runs what needs the unit; a fault where there is none, or while its record is still being read from the disk. */
export async function withUnit(
  station: Station,
  run: (unit: UnitRuntime) => Promise<ApiResult> | ApiResult,
): Promise<ApiResult> {
  const { unit, isReading, gate } = station;
  if (unit === undefined) return answer(err("no-unit", gate.detail));
  if (isReading) return answer(err("not-ready", "this station is still reading its record; try again in a moment"));
  return run(unit);
}

/** The same for what is answered from the index; a fault, too, while that lacks items which were here at the start. */
export async function withIndex(
  station: Station,
  run: (unit: UnitRuntime) => Promise<ApiResult> | ApiResult,
): Promise<ApiResult> {
  return withUnit(station, (unit) => {
    if (unit.indexing.isCaughtUp) return run(unit);
    const { shares, items, of } = unit.indexing.progress;
    const rest = `${shares} shares are left, with ${items} of ${of} items done`;
    return answer(
      err("not-ready", `searches would miss items that are not in the index yet: ${rest}; try again later`),
    );
  });
}
