import { closeSync, fstatSync, openSync, writeSync } from "node:fs";
import { err, type Fault, type Result } from "@detente/basics";
import { IndicatorImage } from "@detente/screen";
import { loadSieve } from "./load-sieve.ts";
import { readAt } from "./range-scan.ts";

/** Larger files are no images: their offsets have 32 bits. */
const MAX_IMAGE = 0xffff_ffff;

/** Writes an image to a file, which is made anew. Fails as writing does. */
export function saveImage(image: IndicatorImage, path: string): void {
  const file = openSync(path, "w", 0o600);
  try {
    const { bytes } = image;
    for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
  } finally {
    closeSync(file);
  }
}

/** Reads an image right into the memory that it is used in. Throws when the file cannot be read. */
export function loadImage(path: string): Result<IndicatorImage, Fault<"bad-image">> {
  const file = openSync(path, "r");
  try {
    const { size } = fstatSync(file);
    if (size > MAX_IMAGE) return err("bad-image", `${path} is too large for an index image; build it again`);
    return IndicatorImage.load(loadSieve(), size, (into, offset) => void readAt(file, into, offset));
  } finally {
    closeSync(file);
  }
}
