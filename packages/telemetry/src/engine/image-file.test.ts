import { mkdtempSync, rmSync, truncateSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ImageIndex, IndicatorImage } from "@detente/screen";
import { expect, it } from "vitest";
import { loadImage, saveImage } from "./image-file.ts";
import { loadSieve } from "./load-sieve.ts";

it("keeps an image in a file and refuses one that was cut", () => {
  const directory = mkdtempSync(join(tmpdir(), "image-"));
  const path = join(directory, "index");
  const items = [{ kind: "domain" as const, value: "evil.example", ref: 9 }];
  saveImage(IndicatorImage.build(loadSieve(), items, 3n).image, path);
  const loaded = loadImage(path);
  if (!loaded.ok) throw new Error(loaded.fault.message);
  expect(new ImageIndex(loaded.value, (ref) => ref).domain("evil.example")).toEqual(items);
  truncateSync(path, 1_000_000);
  expect(loadImage(path)).toMatchObject({ fault: { code: "bad-image" } });
  expect(() => loadImage(`${path}.not`)).toThrow("ENOENT");
  rmSync(directory, { recursive: true });
});
