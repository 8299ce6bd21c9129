import { expect, it } from "vitest";
import { sizeText } from "./size-text.ts";

it("says sizes in units of 1024", () => {
  const sizes = [0, 1023, 1024, 1.5 * 2 ** 20, 5 * 2 ** 30];
  expect(sizes.map(sizeText)).toEqual(["0 B", "1023 B", "1.0 KiB", "1.5 MiB", "5.0 GiB"]);
});
