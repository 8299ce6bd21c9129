import { expect, it } from "vitest";
import { size } from "./args.ts";

it("reads sizes in units of 1024, and refuses what is none", () => {
  expect(["0", "1048576", "512KiB", "64G", "2 gib", "3tb", "7B"].map(size)).toEqual([
    0,
    1_048_576,
    524_288,
    64 * 2 ** 30,
    2 * 2 ** 30,
    3 * 2 ** 40,
    7,
  ]);
  for (const text of ["", "-1", "1.5G", "64 miles", "G"]) expect(() => size(text)).toThrow("is not a size");
});
